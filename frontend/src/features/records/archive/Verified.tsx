import { useTranslation } from "react-i18next";
import type { ArchiveReport } from "@/api/records";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

/** What verifying came to: whole, or every flaw with its file. */
export function Verified({ report: r }: { report: ArchiveReport }) {
  const { t } = useTranslation();
  const say = useText();
  const format = useFormat();
  const facts = {
    months: format.number(r.months),
    files: t("recordsPage.archive.files", { count: r.files, n: format.number(r.files) }),
    rows: t("recordsPage.archive.rows", { count: r.rows, n: format.number(r.rows) }),
  };
  if (r.flaws.length === 0) {
    return (
      <p className="good" role="status">
        {t("recordsPage.archive.whole", { ...facts, count: r.months })}
        {r.deleted > 0 && ` ${t("recordsPage.archive.deletedByRule", { count: r.deleted })}`}
      </p>
    );
  }
  return (
    <div className="trouble" role="alert">
      <div className="grow">
        <strong>{t("recordsPage.archive.broken", { count: r.flaws.length })}</strong>
        <ul className="points">
          {r.flaws.map((f) => (
            <li key={`${f.what}-${f.file}`}>{say(`records.archiveFault.${f.what}`, { file: f.file })}</li>
          ))}
        </ul>
        <p>{t("recordsPage.archive.brokenTodo")}</p>
      </div>
    </div>
  );
}
