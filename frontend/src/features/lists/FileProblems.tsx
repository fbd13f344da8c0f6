import { useTranslation } from "react-i18next";
import type { FileProblem } from "@/api/lists";
import { ProblemTable } from "@/components/file/ProblemTable";
import { useCodeText } from "@/lib/codeText";

/** What is wrong with a file of lists or contacts. */
export function FileProblems(props: { name: string; problems: FileProblem[]; cards?: boolean }) {
  const { name, problems, cards } = props;
  const { t, i18n } = useTranslation();
  const code = useCodeText();
  const column = (p: FileProblem) => (p.column === "" ? "" : code("attr", p.column));
  const say = (p: FileProblem) => {
    const prefix = i18n.exists(`fileProblem.${p.code}`) ? "fileProblem" : "intake.code";
    return code(prefix, p.code, { column: column(p), value: p.value, first: String(p.first) });
  };
  return (
    <ProblemTable
      name={name}
      problems={problems.map((p) => ({
        key: `${p.row} ${p.column} ${p.code} ${p.value}`,
        place: p.row === 0 ? "" : t(cards ? "book.import.cardAt" : "change.row", { row: String(p.row) }),
        column: column(p),
        value: p.value,
        text: say(p),
        stops: !p.light,
      }))}
    />
  );
}
