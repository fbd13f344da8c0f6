import { Checkbox } from "antd";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeContact } from "@/api/offices";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { contactType } from "@/features/lists/book/book";

interface Props {
  rows: OfficeContact[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  groupName: (id: string) => string;
  editable: boolean;
  /** Without: the rows cannot be put in order, for a search hides some of them. */
  onOrder?: (id: string, by: number) => void;
  onPlace?: (id: string, where: string) => void;
}

/** The contacts as rows: dragged onto a group, or put in order by dragging and by Alt with the arrows. */
export function ContactTable(props: Props) {
  const { rows, marked, onMark, onOpen, groupName, editable, onOrder, onPlace } = props;
  const { t } = useTranslation();
  const [over, setOver] = useState("");
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    onMark(next);
  };
  const drag = (event: DragEvent, id: string) => {
    const ids = marked.has(id) ? rows.filter((c) => marked.has(c.id)).map((c) => c.id) : [id];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData(contactType, JSON.stringify(ids));
  };
  function onKey(event: KeyboardEvent, id: string) {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!event.altKey || by === 0 || !editable || !onOrder) return;
    event.preventDefault();
    onOrder(id, by);
  }
  const text = (key: string, title: string, width: string, of: (c: OfficeContact) => string) => ({
    key,
    title,
    width,
    cell: (c: OfficeContact) => (
      <span className="clip" title={of(c)}>
        {of(c)}
      </span>
    ),
  });
  // What none of those listed has leaves its room to the others.
  const some = (has: (c: OfficeContact) => string | string[]) => rows.some((c) => has(c).length > 0);
  const columns: Column<OfficeContact>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("staff.selectAll")}
          checked={rows.every((c) => marked.has(c.id))}
          onChange={(e) => onMark(e.target.checked ? new Set(rows.map((c) => c.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (c) => (
        <Checkbox
          aria-label={t("staff.select", { name: c.name })}
          checked={marked.has(c.id)}
          onChange={(e) => mark(c.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(84px, 1.2fr)",
      cell: (c) => (
        <button
          type="button"
          className="link clip"
          title={editable && onOrder ? t("book.rowKeys") : undefined}
          onClick={() => onOpen(c.id)}
          onKeyDown={(e) => onKey(e, c.id)}
        >
          {c.name}
        </button>
      ),
    },
    text("address", t("attr.addresses"), "minmax(150px, 1.8fr)", (c) => c.addresses.join(t("list.comma"))),
    ...(some((c) => c.company)
      ? [text("company", t("attr.company"), "minmax(70px, 1.1fr)", (c) => c.company)]
      : []),
    ...(some((c) => c.mobile || c.phone)
      ? [text("mobile", t("attr.mobile"), "minmax(96px, 120px)", (c) => c.mobile || c.phone)]
      : []),
    ...(some((c) => c.groups)
      ? [
          text("groups", t("attr.groups"), "minmax(80px, 1fr)", (c) =>
            c.groups.map(groupName).join(t("list.comma")),
          ),
        ]
      : []),
  ];
  return (
    <VirtualTable
      label={t("book.table")}
      columns={columns}
      rows={rows}
      rowKey={(c) => c.id}
      rowClass={(c) => (c.id === over ? "over" : undefined)}
      rowProps={
        editable
          ? (c) => ({
              draggable: true,
              onDragStart: (e) => drag(e, c.id),
              onDragOver: (e) => {
                if (!onPlace || !e.dataTransfer.types.includes(contactType)) return;
                e.preventDefault();
                setOver(c.id);
              },
              onDragLeave: () => setOver(""),
              onDrop: (e) => {
                setOver("");
                const ids = e.dataTransfer.getData(contactType);
                if (!onPlace || !ids) return;
                e.preventDefault();
                const [first] = JSON.parse(ids) as string[];
                if (first) onPlace(first, c.id);
              },
            })
          : undefined
      }
      maxRows={10}
      minWidth={500}
    />
  );
}
