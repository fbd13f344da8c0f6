import { useTranslation } from "react-i18next";
import type { PeopleList } from "@/api/types";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

const shown = 50;

/** What was wrong in a people file, row by row. */
export function FileProblems({ list }: { list: PeopleList }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (list.problems.length === 0) return null;
  return (
    <div className="notice" role="alert">
      <strong>{t("move.people.problems", { count: list.problems.length })}</strong>
      <ul className="problems">
        {list.problems.slice(0, shown).map((p) => (
          <li key={`${p.row} ${p.column} ${p.problem.code} ${p.problem.args.reason ?? ""}`}>
            <span className="tabular">
              {p.row > 0 ? t("move.people.row", { row: format.number(p.row) }) : t("move.people.wholeFile")}
              {p.column && ` · ${p.column}`}
            </span>{" "}
            {troubleText(t, p.problem).what} {troubleText(t, p.problem).todo}
            {p.fatal && ` ${t("move.people.notRead")}`}
          </li>
        ))}
      </ul>
      {list.problems.length > shown && (
        <p>{t("move.people.more", { count: list.problems.length - shown })}</p>
      )}
    </div>
  );
}
