import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { PeopleList, Problem } from "@/api/types";
import { troubleText } from "@/components/trouble";
import { fileCodes } from "@/features/move/people/fileCodes";
import { useFormat } from "@/lib/useFormat";

const shown = 50;

/** What was wrong in a people file, row by row. */
export function FileProblems({ list }: { list: PeopleList }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (list.problems.length === 0) return null;
  return (
    <div className="notice card-notice" role="alert">
      <strong>{t("move.people.problems", { count: list.problems.length })}</strong>
      <ul className="problems">
        {list.problems.slice(0, shown).map((p) => (
          <li key={`${p.row} ${p.column} ${p.problem.args.problem ?? p.problem.code}`}>
            <strong className="tabular">
              {p.row > 0 ? t("move.people.row", { row: format.number(p.row) }) : t("move.people.wholeFile")}
              {p.column && ` · ${columnName(t, p.column)}`}
            </strong>{" "}
            {fileProblemText(t, p.problem)}
          </li>
        ))}
      </ul>
      {list.problems.length > shown && (
        <p>{t("move.people.more", { count: list.problems.length - shown })}</p>
      )}
    </div>
  );
}

const columns: Record<string, "name" | "fromUser" | "fromPassword" | "toUser" | "toPassword"> = {
  name: "name",
  from_user: "fromUser",
  from_password: "fromPassword",
  to_user: "toUser",
  to_password: "toPassword",
};

function columnName(t: TFunction, column: string): string {
  const name = columns[column];
  return name ? t(`move.people.${name}`) : column;
}

function fileProblemText(t: TFunction, p: Problem): string {
  const code = fileCodes.find((c) => c === p.args.problem);
  if (!code) return `${troubleText(t, p).what} ${troubleText(t, p).todo}`;
  return t(`move.people.file.${code}`, { replace: { first: p.args.first ?? "" } });
}
