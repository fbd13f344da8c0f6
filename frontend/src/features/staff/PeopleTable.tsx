import { TeamOutlined } from "@ant-design/icons";
import { Checkbox } from "antd";
import { type DragEvent, memo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import type { Directory } from "@/components/office/useDirectory";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";

interface Props {
  directory: Directory;
  rows: OfficePerson[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  filtered: boolean;
}

/** What a dragged person is called among the data of a drag. */
export const dragType = "application/x-mailroom-people";
const rowHeight = 44;

/** Everybody who fits; only the rows in sight exist. */
export const PeopleTable = memo(function PeopleTable({
  directory,
  rows,
  marked,
  onMark,
  onOpen,
  filtered,
}: Props) {
  const { t } = useTranslation();
  const code = useCodeText();
  const height = useSyncExternalStore(onResize, () => window.innerHeight);
  if (rows.length === 0) {
    return (
      <EmptyState icon={<TeamOutlined aria-hidden />} title={t(filtered ? "staff.none" : "staff.emptyTitle")}>
        <p>{t(filtered ? "staff.noneHint" : "staff.emptyText")}</p>
      </EmptyState>
    );
  }
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    onMark(next);
  };
  const drag = (event: DragEvent, id: string) => {
    const ids = marked.has(id) ? [...marked] : [id];
    event.dataTransfer.setData(dragType, JSON.stringify(ids));
    event.dataTransfer.effectAllowed = "move";
  };
  const all = rows.every((p) => marked.has(p.id));
  const columns: Column<OfficePerson>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("staff.selectAll")}
          checked={all}
          indeterminate={!all && marked.size > 0}
          onChange={(e) => onMark(e.target.checked ? new Set(rows.map((p) => p.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (p) => (
        <Checkbox
          aria-label={t("staff.select", { name: p.name || p.address })}
          checked={marked.has(p.id)}
          onChange={(e) => mark(p.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("staff.col.name"),
      width: "minmax(110px, 1.2fr)",
      cell: (p) => (
        <button
          type="button"
          className="link clip"
          draggable
          onDragStart={(e) => drag(e, p.id)}
          onClick={() => onOpen(p.id)}
        >
          {p.name || p.address}
        </button>
      ),
    },
    {
      key: "address",
      title: t("staff.col.address"),
      width: "minmax(170px, 1.8fr)",
      cell: (p) => (
        <span className="clip" title={p.address}>
          {p.address}
        </span>
      ),
    },
    {
      key: "departments",
      title: t("staff.col.departments"),
      width: "minmax(120px, 1.5fr)",
      cell: (p) => {
        const names = p.departments.map(directory.path).filter(Boolean).join(t("list.comma"));
        return (
          <span className="clip" title={names}>
            {names}
          </span>
        );
      },
    },
    {
      key: "mobile",
      title: t("staff.col.mobile"),
      width: "130px",
      cell: (p) => <span className="clip tabular">{p.mobile}</span>,
    },
    {
      key: "status",
      title: t("staff.col.status"),
      width: "96px",
      cell: (p) => (
        <span className={p.status === "active" ? "good" : p.status === "locked" ? "bad" : "faint"}>
          {code("personStatus", p.status)}
        </span>
      ),
    },
  ];
  return (
    <VirtualTable
      label={t("staff.table")}
      columns={columns}
      rows={rows}
      rowKey={(p) => p.id}
      rowHeight={rowHeight}
      maxRows={Math.max(6, Math.floor((height - 330) / rowHeight))}
      minWidth={700}
    />
  );
});

function onResize(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}
