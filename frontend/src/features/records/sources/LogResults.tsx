import { useTranslation } from "react-i18next";
import type { LogFile } from "@/api/records";
import { useZoneName } from "@/components/records/useZoneName";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

/** What came of each file that was read. */
export function LogResults({ results }: { results: LogFile[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="plain-table" aria-label={t("recordsPage.logs.results")}>
      <thead>
        <tr>
          <th scope="col">{t("recordsPage.logs.file")}</th>
          <th scope="col">{t("recordsPage.logs.lines")}</th>
          <th scope="col">{t("recordsPage.logs.new")}</th>
          <th scope="col">{t("recordsPage.logs.remarks")}</th>
        </tr>
      </thead>
      <tbody>
        {results.map((r) => (
          <tr key={r.path}>
            <th scope="row" title={r.path}>
              {r.path.split(/[\\/]/).pop()}
            </th>
            <td className="tabular">{format.number(r.lines)}</td>
            <td className="tabular">{format.number(r.new)}</td>
            <td>
              <Remarks result={r} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Remarks({ result: r }: { result: LogFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useZoneName();
  if (r.problem?.code === "conflict" && r.problem.args.zone)
    return <span className="bad">{t("recordsPage.zone.readIn", { zone: named(r.problem.args.zone) })}</span>;
  if (r.problem) {
    const text = troubleText(t, r.problem);
    const line = r.problem.args.line;
    return (
      <span className="bad">
        {line ? `${t("recordsPage.logs.atLine", { line })} ` : ""}
        {text.what} {text.todo}
      </span>
    );
  }
  const remarks = [
    r.known && t("recordsPage.logs.known"),
    r.updated > 0 && t("recordsPage.logs.updated", { count: r.updated, n: format.number(r.updated) }),
    r.bad > 0 && t("recordsPage.logs.bad", { count: r.bad, n: format.number(r.bad) }),
    r.half && t("recordsPage.logs.half"),
  ].filter(Boolean);
  return <span>{remarks.join(" ") || t("recordsPage.logs.fine")}</span>;
}
