import { Radio, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { IntakeThere } from "@/api/staff";
import { useDiffText } from "@/components/office/useDiffText";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import type { Intake } from "@/features/staff/intake/useIntake";

type Choice = "leave" | "update";

/** Rows whose address somebody has: left as they are, or brought to what the file says. */
export function TherePeople({ intake }: { intake: Intake }) {
  const { t } = useTranslation();
  const id = useId();
  const { options, set, result } = intake;
  const rows = result?.there ?? [];
  if (rows.length === 0) return null;
  const choose = (row: number, existing: Choice) =>
    set({ chosen: [...options.chosen.filter((c) => c.row !== row), { row, existing }] });
  return (
    <section className="group" aria-labelledby={id}>
      <h2 id={id}>{t("intake.there.title", { count: rows.length })}</h2>
      <p className="faint">{t("intake.there.text")}</p>
      <Radio.Group
        aria-labelledby={id}
        value={options.existing}
        onChange={(e) => set({ existing: e.target.value as Choice, chosen: [] })}
        options={[
          { value: "leave", label: t("intake.there.leave") },
          { value: "update", label: t("intake.there.update") },
        ]}
      />
      <ThereTable rows={rows} choose={choose} />
    </section>
  );
}

function ThereTable({
  rows,
  choose,
}: {
  rows: IntakeThere[];
  choose: (row: number, existing: Choice) => void;
}) {
  const { t } = useTranslation();
  const diff = useDiffText();
  const columns: Column<IntakeThere>[] = [
    {
      key: "row",
      title: t("intake.rowColumn"),
      width: "56px",
      cell: (p) => <span className="tabular">{p.row}</span>,
    },
    {
      key: "who",
      title: t("change.who"),
      width: "minmax(150px, 1.2fr)",
      cell: (p) => (
        <span className="clip" title={p.address}>
          {p.address}
        </span>
      ),
    },
    {
      key: "cells",
      title: t("intake.there.cells"),
      width: "minmax(220px, 2.6fr)",
      cell: (p) => {
        const text = p.cells
          .map((d) => diff(d))
          .map((d) => t("intake.there.cell", { name: d.name, before: d.before, after: d.after }))
          .join(t("list.join"));
        return (
          <span className="clip" title={text}>
            {p.other && <strong className="warn">{t("intake.there.other")} </strong>}
            {text}
          </span>
        );
      },
    },
    {
      key: "choice",
      title: t("intake.there.choice"),
      width: "130px",
      cell: (p) => (
        <Select<Choice>
          size="small"
          className="wide"
          aria-label={t("intake.there.choiceOf", { row: String(p.row), address: p.address })}
          value={p.existing as Choice}
          onChange={(v) => choose(p.row, v)}
          options={[
            { value: "leave", label: t("intake.there.leaveOne") },
            { value: "update", label: t("intake.there.updateOne") },
          ]}
        />
      ),
    },
  ];
  return (
    <VirtualTable
      label={t("intake.there.table")}
      columns={columns}
      rows={rows}
      rowKey={(p) => String(p.row)}
      rowHeight={40}
      maxRows={8}
      minWidth={640}
    />
  );
}
