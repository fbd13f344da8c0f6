import { CheckOutlined, DownloadOutlined } from "@ant-design/icons";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { changeDraft, readDraft, useDraft } from "@/features/move/draft";
import { goToCell } from "@/features/move/people/cellKeys";
import { acceptAll, cellOf, type Found, markOf } from "@/features/move/people/findings";
import { rowHeight } from "@/features/move/people/PeopleTable";
import type { Findings } from "@/features/move/people/useFindings";
import { columnText, findingText, nextStepText } from "@/features/move/people/words";
import { useSaveTable } from "@/features/move/wizard/useSaveTable";
import { useFormat } from "@/lib/useFormat";

interface Props {
  findings: Findings;
  /** Gaps count too, once the person wanted to go on. */
  strict: boolean;
  only: boolean;
  onOnly: (only: boolean) => void;
}

/** What needs a look, cell by cell, with the next step for each and for all. */
export function FindingsPanel({ findings, strict, only, onOnly }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const saveTable = useSaveTable();
  const [open, setOpen] = useState(false);
  useDraft();
  const shown = [...findings.blocking, ...findings.odd]
    .filter((f) => strict || f.code !== "empty")
    .sort((a, b) => a.row - b.row);
  if (shown.length === 0) return null;

  async function save() {
    const rows = shown.map((f) => [
      String(f.row),
      columnText(t, f.column),
      textOf(f),
      findingText(t, f),
      nextStepText(t, f),
    ]);
    const header = (["row", "column", "cell", "problem", "next"] as const).map((k) =>
      t(`wizard.people.col.${k}`),
    );
    await saveTable({ name: t("wizard.people.problemsFile"), header, rows });
  }
  function mean(found: readonly Found[]) {
    changeDraft((d) => ({ allowed: [...new Set([...d.allowed, ...found.map((f) => markOf(d, f))])] }));
  }
  const rows = new Set(shown.map((f) => f.key)).size;
  return (
    <section className="findings card-notice" aria-labelledby="findings-title">
      <div className="findings-head">
        <h3 id="findings-title" className="grow">
          {t("wizard.people.found", { count: rows, n: format.number(rows) })}
        </h3>
        {findings.fixes.length > 0 && (
          <Button
            size="small"
            type="primary"
            icon={<CheckOutlined aria-hidden />}
            onClick={() => acceptAll(findings.fixes)}
          >
            {t("wizard.people.acceptAll", { count: findings.fixes.length })}
          </Button>
        )}
        {findings.odd.length > 0 && (
          <Button size="small" onClick={() => mean(findings.odd)}>
            {t("wizard.people.meantAll", { count: findings.odd.length })}
          </Button>
        )}
        <Button size="small" type="text" icon={<DownloadOutlined aria-hidden />} onClick={() => void save()}>
          {t("wizard.export")}
        </Button>
        <Button size="small" type="text" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "wizard.people.hideList" : "wizard.people.showList")}
        </Button>
      </div>
      {readDraft().people.length > 9 && (
        <Checkbox checked={only} onChange={(e) => onOnly(e.target.checked)}>
          {t("wizard.people.onlyThese")}
        </Checkbox>
      )}
      {open && <List found={shown} onMean={(f) => mean([f])} onGo={() => onOnly(false)} />}
    </section>
  );
}

function List(props: { found: Found[]; onMean: (f: Found) => void; onGo: () => void }) {
  const { t } = useTranslation();
  const columns: Column<Found>[] = [
    {
      key: "at",
      title: t("wizard.people.col.cell"),
      width: "minmax(132px, 0.7fr)",
      cell: (f) => (
        <button
          type="button"
          className="link"
          onClick={() => {
            props.onGo();
            setTimeout(() => goToCell(f.row - 1, f.column, rowHeight), 50);
          }}
        >
          {t("move.people.row", { row: f.row })} · {columnText(t, f.column)}
        </button>
      ),
    },
    {
      key: "text",
      title: t("wizard.people.col.problem"),
      width: "minmax(220px, 2.4fr)",
      cell: (f) => (
        <span className="clamped" title={findingText(t, f)}>
          {findingText(t, f)}
        </span>
      ),
    },
    {
      key: "next",
      title: t("wizard.people.col.next"),
      width: "minmax(120px, 1.2fr)",
      cell: (f) =>
        f.weight === "stop" ? (
          <span className="faint clamped">{nextStepText(t, f)}</span>
        ) : (
          <button
            type="button"
            className="link clamped"
            title={nextStepText(t, f)}
            onClick={() => (f.weight === "fix" ? acceptAll([f]) : props.onMean(f))}
          >
            {nextStepText(t, f)}
          </button>
        ),
    },
  ];
  return (
    <VirtualTable
      label={t("wizard.people.list")}
      columns={columns}
      rows={props.found}
      rowKey={(f) => `${f.key} ${f.column} ${f.code}`}
      rowHeight={52}
      maxRows={4}
    />
  );
}

function textOf(f: Found): string {
  const cell = cellOf(f.column);
  if (!cell || cell.field === "password") return "";
  return readDraft().people.find((p) => p.key === f.key)?.[cell.name].user ?? "";
}
