import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { FolderGroup, MoveFolder } from "@/api/types";
import { RoleIcon } from "@/components/RoleIcon";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { TargetField } from "@/features/move/check/TargetField";
import { FolderNotes } from "@/features/move/FolderNotes";
import { useFormat } from "@/lib/useFormat";

interface Props {
  groups: FolderGroup[];
  /** Of the whole move. */
  people: number;
  editable: boolean;
  /** undefined: as the program proposes. */
  onChange: (group: FolderGroup, part: { skip: boolean; target: string } | undefined) => void;
}

/** Every folder name of the office: how many have it, where it goes, what is different there. */
export function GroupTable({ groups, people, editable, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<FolderGroup>[] = [
    {
      key: "take",
      title: <span className="visually-hidden">{t("move.map.take")}</span>,
      width: "26px",
      cell: (g) => (
        <Checkbox
          aria-label={t("move.map.takeOne", { name: g.source })}
          checked={g.skipped < g.people}
          indeterminate={g.skipped > 0 && g.skipped < g.people}
          disabled={!editable || g.action === "parent"}
          onChange={(e) => onChange(g, taken(g, e.target.checked))}
        />
      ),
    },
    {
      key: "source",
      title: t("move.map.source"),
      width: "minmax(110px, 1.1fr)",
      cell: (g) => (
        <span className="folder" title={g.source}>
          <RoleIcon role={g.role} />
          <span className="clip">{g.source}</span>
        </span>
      ),
    },
    {
      key: "target",
      title: t("move.map.target"),
      width: "minmax(120px, 1.2fr)",
      cell: (g) =>
        g.action === "skip" ? (
          <span className="faint">{t("move.map.leftOut")}</span>
        ) : (
          <TargetField
            key={g.target}
            folder={asFolder(g)}
            editable={editable && g.action === "copy"}
            onChange={(target) => onChange(g, target ? { skip: false, target } : undefined)}
          />
        ),
    },
    {
      key: "people",
      title: t("wizard.folders.people"),
      width: "minmax(70px, 0.7fr)",
      cell: (g) => (
        <span>
          <span className="tabular">
            {t("wizard.folders.of", { n: format.number(g.people), all: format.number(people) })}
          </span>
          {g.own > 0 && <small className="warn"> {t("wizard.folders.own", { count: g.own })}</small>}
          {g.targets > 1 && g.own === 0 && (
            <small className="faint"> {t("wizard.folders.targets", { count: g.targets })}</small>
          )}
        </span>
      ),
    },
    {
      key: "notes",
      title: t("move.map.notes"),
      width: "minmax(70px, 1fr)",
      cell: (g) => <FolderNotes folder={asFolder(g)} />,
    },
    {
      key: "messages",
      title: t("move.map.messages"),
      width: "64px",
      align: "end",
      cell: (g) => <span className="tabular">{g.action === "parent" ? "–" : format.number(g.messages)}</span>,
    },
  ];
  return (
    <VirtualTable
      label={t("move.map.table")}
      columns={people > 1 ? columns : columns.filter((c) => c.key !== "people")}
      rows={groups}
      rowKey={(g) => g.source}
      rowHeight={44}
      maxRows={9}
      minWidth={560}
      rowClass={(g) => (g.action === "skip" ? "vt-off" : undefined)}
    />
  );
}

/** The rule that takes a folder or leaves it out. */
function taken(g: FolderGroup, take: boolean): { skip: boolean; target: string } {
  if (!take) return { skip: true, target: "" };
  // What the program would leave out by itself needs a place; what a choice leaves out
  // goes where it was proposed, whatever holds for this kind of folder.
  return { skip: false, target: g.reason === "by-request" || g.skipped < g.people ? "" : g.source };
}

/** A group in the shape of one folder, for the parts that show either. */
function asFolder(g: FolderGroup): MoveFolder {
  return {
    sourceId: g.source,
    source: g.source,
    target: g.target,
    role: g.role,
    action: g.action,
    reason: g.reason,
    changes: g.changes,
    chosen: g.ruled,
    own: false,
    counts: { messages: g.messages, copied: 0, alreadyThere: 0, excluded: 0, leftBehind: 0, pending: 0 },
    bytes: 0,
    verified: "none",
    errorCode: "" as MoveFolder["errorCode"],
  };
}
