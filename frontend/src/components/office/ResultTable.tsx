import { useTranslation } from "react-i18next";
import type { ChangeResult } from "@/api/offices";
import { RefusalNote } from "@/components/office/RefusalNote";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { useFittingRows } from "@/components/useFittingRows";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";

/** What became of each step. */
export function ResultTable({ rows, provider }: { rows: ChangeResult[]; provider: string }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const fitting = useFittingRows(52, 320);
  const columns: Column<ChangeResult>[] = [
    {
      key: "what",
      title: t("change.what"),
      width: "minmax(140px, 1fr)",
      cell: (r) => <span className="clip">{code("change.kind", r.step.kind)}</span>,
    },
    {
      key: "who",
      title: t("change.who"),
      width: "minmax(150px, 1.6fr)",
      cell: (r) => (
        <span className="clip" title={r.step.label}>
          {r.step.row > 0 && (
            <small className="faint">{`${t("change.row", { row: String(r.step.row) })} `}</small>
          )}
          {r.step.label}
        </span>
      ),
    },
    {
      key: "result",
      title: t("change.result"),
      width: "110px",
      cell: (r) => (
        <span className={tone(r.outcome)}>{code("change.outcome", follows(r) ? "follows" : r.outcome)}</span>
      ),
    },
    {
      key: "note",
      title: t("change.note"),
      width: "minmax(170px, 2fr)",
      cell: (r) => <Note result={r} provider={provider} />,
    },
  ];
  return (
    <VirtualTable
      label={t("change.results")}
      columns={columns}
      rows={rows}
      rowKey={(r) => String(r.step.number)}
      rowHeight={52}
      maxRows={fitting}
      minWidth={620}
    />
  );
}

/** True for what was not sent because what it belongs to was not created. */
const follows = (r: ChangeResult) => r.outcome === "failed" && r.problem?.args.reason === "handle";

function tone(outcome: string): string {
  if (outcome === "done" || outcome === "there") return "good";
  return outcome === "waiting" || outcome === "sent" ? "faint" : "bad";
}

function Note({ result, provider }: { result: ChangeResult; provider: string }) {
  const { t } = useTranslation();
  const trouble = useOfficeTrouble();
  if (result.step.refusal && result.outcome === "refused") {
    return <RefusalNote refusal={result.step.refusal} provider={provider} />;
  }
  if (!result.problem) return null;
  const { vendorCode = "", vendorText = "" } = result.problem.args;
  const said = `${vendorCode} ${vendorText}`.trim();
  const what = oneSentence(trouble(result.problem));
  return (
    <small className="clamped" title={`${what} ${said}`}>
      {what}
      {said !== "" && <span className="faint">{` ${t("change.vendorSaid")} ${said}`}</span>}
    </small>
  );
}
