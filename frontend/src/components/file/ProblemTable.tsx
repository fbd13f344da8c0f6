import { App, Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";

/** One thing that is wrong with a file, in words. */
export interface Problem {
  key: string;
  place: string;
  /** The column's name, where the place does not say it. */
  column?: string;
  value: string;
  text: string;
  /** The row is not taken. */
  stops: boolean;
}

interface Props {
  /** What the saved list is called after. */
  name: string;
  problems: readonly Problem[];
  /** Those that are shown, where not all are. */
  shown?: readonly Problem[];
  children?: ReactNode;
}

/** What of a file is to be corrected, place by place; it can be saved for whoever keeps the file. */
export function ProblemTable({ name, problems, shown = problems, children }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const columns: Column<Problem>[] = [
    {
      key: "place",
      title: t("intake.cell"),
      width: "90px",
      cell: (p) => <span className="tabular">{p.place}</span>,
    },
    {
      key: "column",
      title: t("fileProblem.column"),
      width: "110px",
      cell: (p) => <span className="clip">{p.column}</span>,
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
        <span className={p.stops ? "clamped bad" : "clamped"} title={p.text}>
          {p.text}
        </span>
      ),
    },
  ];
  const named = problems.some((p) => p.column !== undefined);
  const used = columns.filter((c) => named || c.key !== "column");
  function save() {
    client.staff
      .saveRows(
        {
          name: `${name} ${t("intake.problems")}`,
          header: used.map((c) => String(c.title)),
          rows: problems.map((p) => [p.place, ...(named ? [p.column ?? ""] : []), p.value, p.text]),
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
        {children}
        <Button size="small" onClick={save}>
          {t("intake.saveProblems")}
        </Button>
      </div>
      <VirtualTable
        label={t("intake.problems")}
        columns={used}
        rows={shown}
        rowKey={(p) => p.key}
        rowHeight={44}
        maxRows={8}
        minWidth={named ? 640 : 560}
      />
    </section>
  );
}
