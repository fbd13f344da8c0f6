import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { FolderChoice, MoveFolder } from "@/api/types";
import { RoleIcon } from "@/components/RoleIcon";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { TargetField } from "@/features/move/check/TargetField";
import { FolderNotes } from "@/features/move/FolderNotes";
import { useFormat } from "@/lib/useFormat";

interface Props {
  folders: MoveFolder[];
  editable: boolean;
  onChange: (folder: MoveFolder, choice: FolderChoice | undefined) => void;
}

/** Source folders, where each goes, and what is different there. */
export function FolderMapTable({ folders, editable, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<MoveFolder>[] = [
    {
      key: "take",
      title: <span className="visually-hidden">{t("move.map.take")}</span>,
      width: "26px",
      cell: (f) => (
        <Checkbox
          aria-label={t("move.map.takeOne", { name: f.source })}
          checked={f.action !== "skip"}
          disabled={!editable || f.action === "parent"}
          onChange={(e) =>
            onChange(
              f,
              f.chosen && e.target.checked
                ? undefined
                : { sourceId: f.sourceId, skip: !e.target.checked, target: "" },
            )
          }
        />
      ),
    },
    {
      key: "source",
      title: t("move.map.source"),
      width: "minmax(110px, 1.1fr)",
      cell: (f) => (
        <span className="folder" title={f.source}>
          <RoleIcon role={f.role} />
          <span className="clip">{f.source}</span>
        </span>
      ),
    },
    {
      key: "target",
      title: t("move.map.target"),
      width: "minmax(120px, 1.2fr)",
      cell: (f) =>
        f.action === "skip" ? (
          <span className="faint">{t("move.map.leftOut")}</span>
        ) : (
          <TargetField
            key={f.target}
            folder={f}
            editable={editable && f.action === "copy"}
            onChange={(target) =>
              onChange(f, target ? { sourceId: f.sourceId, skip: false, target } : undefined)
            }
          />
        ),
    },
    {
      key: "notes",
      title: t("move.map.notes"),
      width: "minmax(70px, 1fr)",
      cell: (f) => <FolderNotes folder={f} />,
    },
    {
      key: "messages",
      title: t("move.map.messages"),
      width: "64px",
      align: "end",
      cell: (f) => (
        <span className="tabular">{f.action === "parent" ? "–" : format.number(f.counts.messages)}</span>
      ),
    },
  ];
  return (
    <VirtualTable
      label={t("move.map.table")}
      columns={columns}
      rows={folders}
      rowKey={(f) => f.sourceId}
      rowHeight={46}
      maxRows={11}
      rowClass={(f) => (f.action === "skip" ? "vt-off" : undefined)}
    />
  );
}
