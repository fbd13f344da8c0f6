import { useTranslation } from "react-i18next";
import type { UndoPreview } from "@/api/types";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

type Row = UndoPreview["folders"][number];

/** How many messages are deleted in which folder, folded away. */
export function UndoFolders({ preview }: { preview: UndoPreview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (key: "present" | "gone" | "touched", title: string): Column<Row> => ({
    key,
    title,
    width: "96px",
    align: "end",
    cell: (f) => <span className="tabular">{format.number(f[key])}</span>,
  });
  const columns: Column<Row>[] = [
    {
      key: "folder",
      title: t("undo.folder"),
      width: "minmax(160px, 1fr)",
      cell: (f) => (
        <span className="two-lines">
          <span className="clip">{f.target}</span>
          <small className="clip">{f.mailbox}</small>
        </span>
      ),
    },
    number("present", t("undo.there")),
    number("gone", t("undo.goneShort")),
    number("touched", t("undo.touchedShort")),
  ];
  return (
    <details className="folded">
      <summary>{t("undo.folders", { count: preview.folders.length })}</summary>
      <VirtualTable
        label={t("undo.table")}
        columns={columns}
        rows={preview.folders}
        rowKey={(f) => `${f.mailbox} ${f.target}`}
        rowHeight={46}
        maxRows={5}
      />
    </details>
  );
}
