import { useTranslation } from "react-i18next";
import type { ChangeStep } from "@/api/offices";
import { DiffList } from "@/components/office/DiffList";
import { RefusalNote } from "@/components/office/RefusalNote";
import { useDiffText } from "@/components/office/useDiffText";
import { useFittingRows } from "@/components/useFittingRows";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";

/** As many are shown in full; more as a table. */
const inFull = 12;

/** What will be done, step by step: now and then. */
export function PlanSteps({ steps, provider }: { steps: ChangeStep[]; provider: string }) {
  return steps.length <= inFull ? (
    <ul className="plan">
      {steps.map((s) => (
        <li key={s.number} className={s.refusal ? "plan-step refused" : "plan-step"}>
          <StepHead step={s} />
          <DiffList diffs={s.diffs} of={s.kind} />
          <StepNote step={s} provider={provider} />
        </li>
      ))}
    </ul>
  ) : (
    <PlanTable steps={steps} provider={provider} />
  );
}

function StepHead({ step }: { step: ChangeStep }) {
  const { t } = useTranslation();
  const code = useCodeText();
  return (
    <p className="plan-head">
      <strong>{code("change.kind", step.kind)}</strong>
      <span>{step.label}</span>
      {step.row > 0 && <small className="faint">{t("change.row", { row: String(step.row) })}</small>}
    </p>
  );
}

function StepNote({ step, provider }: { step: ChangeStep; provider: string }) {
  const { t } = useTranslation();
  const lists = step.lists.join(t("list.comma"));
  return (
    <>
      <BackNote step={step} provider={provider} />
      {lists !== "" && !step.refusal && (
        <small className={step.listsStay ? "warn" : "faint"}>
          {" "}
          {t(step.listsStay ? "change.listsStay" : "change.listsLeft", { lists })}
        </small>
      )}
    </>
  );
}

/** Why it cannot be done, or whether it can be taken back. */
function BackNote({ step, provider }: { step: ChangeStep; provider: string }) {
  const { t } = useTranslation();
  const code = useCodeText();
  if (step.refusal) return <RefusalNote refusal={step.refusal} provider={provider} />;
  if (step.undoable && step.stays.length > 0) {
    const values = step.stays.map((a) => code("attr", a)).join(t("list.comma"));
    return <small className="warn">{t("change.canUndoExcept", { values })}</small>;
  }
  if (step.undoable) return <small className="good">{t("change.canUndo")}</small>;
  return step.keepsBack ? <small className="warn">{code("change.keepsBack", step.keepsBack)}</small> : null;
}

function PlanTable({ steps, provider }: { steps: ChangeStep[]; provider: string }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const diff = useDiffText();
  const rows = useFittingRows(44, steps.some((s) => s.danger === "typed") ? 380 : 310);
  const columns: Column<ChangeStep>[] = [
    { key: "row", title: t("intake.rowColumn"), width: "56px", cell: (s) => s.row || "" },
    {
      key: "what",
      title: t("change.what"),
      width: "minmax(110px, 1fr)",
      cell: (s) => <span className="clip">{code("change.kind", s.kind)}</span>,
    },
    {
      key: "who",
      title: t("change.who"),
      width: "minmax(150px, 1.5fr)",
      cell: (s) => (
        <span className="clip" title={s.label}>
          {s.label}
        </span>
      ),
    },
    {
      key: "value",
      title: t("change.value"),
      width: "minmax(180px, 2.4fr)",
      cell: (s) => {
        const gone = s.kind.endsWith(".delete");
        const text = s.diffs
          .map((d) => diff(d, s.kind))
          .map((d) => `${d.name} ${gone ? d.before : d.after}`)
          .join(t("list.join"));
        return (
          <span className="clip" title={text}>
            {text}
          </span>
        );
      },
    },
    {
      key: "note",
      title: t("change.note"),
      width: "minmax(120px, 1.4fr)",
      cell: (s) =>
        s.refusal ? (
          <StepNote step={s} provider={provider} />
        ) : (
          <div className="clip" title={s.keepsBack ? code("change.keepsBack", s.keepsBack) : undefined}>
            <StepNote step={s} provider={provider} />
          </div>
        ),
    },
  ];
  return (
    <VirtualTable
      label={t("change.table")}
      columns={columns}
      rows={steps}
      rowKey={(s) => String(s.number)}
      rowClass={(s) => (s.refusal ? "refused" : undefined)}
      maxRows={rows}
      minWidth={640}
    />
  );
}
