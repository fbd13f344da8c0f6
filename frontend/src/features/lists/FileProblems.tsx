import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { FileProblem } from "@/api/lists";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";

/** What of a file is to be mended, row by row. */
export function FileProblems(props: { name: string; problems: FileProblem[]; cards?: boolean }) {
  const { name, problems, cards } = props;
  const { t, i18n } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const { message } = App.useApp();
  const place = (p: FileProblem) =>
    p.row === 0 ? "" : t(cards ? "book.import.cardAt" : "change.row", { row: String(p.row) });
  const say = (p: FileProblem) => {
    const prefix = i18n.exists(`fileProblem.${p.code}`) ? "fileProblem" : "intake.code";
    return code(prefix, p.code, {
      column: p.column === "" ? "" : code("attr", p.column),
      value: p.value,
      first: String(p.first),
    });
  };
  const columns: Column<FileProblem>[] = [
    {
      key: "row",
      title: t("intake.cell"),
      width: "90px",
      cell: (p) => <span className="tabular">{place(p)}</span>,
    },
    {
      key: "column",
      title: t("fileProblem.column"),
      width: "110px",
      cell: (p) => <span className="clip">{p.column === "" ? "" : code("attr", p.column)}</span>,
    },
    {
      key: "value",
      title: t("intake.value"),
      width: "minmax(120px, 1fr)",
      cell: (p) => (
        <span className="clip" title={p.value}>
          {p.value}
        </span>
      ),
    },
    {
      key: "problem",
      title: t("intake.problem"),
      width: "minmax(240px, 2.4fr)",
      cell: (p) => (
        <span className={p.light ? "clip" : "clip bad"} title={say(p)}>
          {say(p)}
        </span>
      ),
    },
  ];
  function save() {
    client.staff
      .saveRows(
        {
          name: `${name} ${t("intake.problems")}`,
          header: [t("intake.cell"), t("fileProblem.column"), t("intake.value"), t("intake.problem")],
          rows: problems.map((p) => [place(p), p.column && code("attr", p.column), p.value, say(p)]),
        },
        "xlsx",
      )
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  return (
    <section className="group" aria-label={t("intake.problems")}>
      <div className="row wrap">
        <h2 className="grow">{t("intake.problems")}</h2>
        <Button size="small" onClick={save}>
          {t("intake.saveProblems")}
        </Button>
      </div>
      <VirtualTable
        label={t("intake.problems")}
        columns={columns}
        rows={problems}
        rowKey={(p) => `${p.row} ${p.column} ${p.code} ${p.value}`}
        rowHeight={36}
        maxRows={8}
        minWidth={640}
      />
    </section>
  );
}
