import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Branch, Directory } from "@/components/office/useDirectory";
import type { DepartmentAct } from "@/features/staff/DepartmentDialog";
import { dragType } from "@/features/staff/dragging";

interface Props {
  directory: Directory;
  editable: boolean;
  chosen: string;
  onChoose: (id: string) => void;
  onAct: (act: DepartmentAct) => void;
  onMove: (id: string, to: string) => void;
  onPeople: (ids: string[], to: string) => void;
}

interface Line {
  id: string;
  name: string;
  level: number;
  count: number;
  /** undefined: nothing is below it. */
  open?: boolean;
  parent: string;
}

const departmentType = "application/x-mailroom-department";

/** The tree as lines, of which one is reachable by Tab and the others by arrows (ARIA's tree pattern). */
export function DepartmentTree(props: Props) {
  const { directory, editable, chosen, onChoose, onAct, onMove, onPeople } = props;
  const { t } = useTranslation();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(directory, closed, t("dept.all")), [directory, closed, t]);
  const current = lines.some((l) => l.id === chosen) ? chosen : "";

  const toggle = (id: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(id);
    else next.add(id);
    setClosed(next);
  };
  const focus = (at: number) => {
    const line = lines[at];
    if (!line) return;
    onChoose(line.id);
    (list.current?.children[at] as HTMLElement | undefined)?.focus();
  };
  function onKey(event: KeyboardEvent, at: number) {
    const line = lines[at];
    if (!line) return;
    const act = new Map<string, () => unknown>([
      ["ArrowDown", () => focus(at + 1)],
      ["ArrowUp", () => focus(at - 1)],
      ["Home", () => focus(0)],
      ["End", () => focus(lines.length - 1)],
      ["ArrowRight", () => (line.open === false ? toggle(line.id, true) : line.open && focus(at + 1))],
      [
        "ArrowLeft",
        () =>
          line.open
            ? toggle(line.id, false)
            : line.level > 1 && focus(lines.findIndex((l) => l.id === line.parent)),
      ],
      ["Enter", () => onChoose(line.id)],
      [" ", () => onChoose(line.id)],
      ["F2", () => editable && line.id && onAct({ what: "rename", id: line.id })],
      ["Delete", () => editable && line.id && onAct({ what: "delete", id: line.id })],
    ]).get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  }
  function drop(event: DragEvent, id: string) {
    event.preventDefault();
    setOver(null);
    const department = event.dataTransfer.getData(departmentType);
    if (department) {
      if (!directory.within(department).has(id)) onMove(department, id);
      return;
    }
    const people = event.dataTransfer.getData(dragType);
    if (people && id) onPeople(JSON.parse(people) as string[], id);
  }
  return (
    <div
      role="tree"
      className="dept-tree"
      aria-label={t("dept.title")}
      title={editable ? t("dept.keys") : undefined}
      ref={list}
    >
      {lines.map((line, at) => (
        <div
          key={line.id}
          role="treeitem"
          data-id={line.id}
          aria-level={line.level}
          aria-selected={line.id === current}
          aria-expanded={line.open}
          tabIndex={line.id === current ? 0 : -1}
          className={`dept-node${line.id === current ? " chosen" : ""}${line.id === over ? " over" : ""}`}
          style={{ paddingInlineStart: 4 + (line.level - 1) * 16 }}
          draggable={editable && line.id !== ""}
          onClick={() => onChoose(line.id)}
          onKeyDown={(e) => onKey(e, at)}
          onDragStart={(e) => e.dataTransfer.setData(departmentType, line.id)}
          onDragOver={(e) => {
            if (!editable) return;
            e.preventDefault();
            setOver(line.id);
          }}
          onDragLeave={() => setOver(null)}
          onDrop={(e) => drop(e, line.id)}
        >
          <span
            className="dept-caret"
            aria-hidden
            onClick={(e) => {
              if (line.open === undefined) return;
              e.stopPropagation();
              toggle(line.id, !line.open);
            }}
          >
            {line.open === undefined ? null : line.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
          </span>
          <span className="clip grow">{line.name}</span>
          <span className="faint tabular">{line.count}</span>
        </div>
      ))}
    </div>
  );
}

function linesOf(d: Directory, closed: ReadonlySet<string>, all: string): Line[] {
  const lines: Line[] = [{ id: "", name: all, level: 1, count: d.people.length, parent: "" }];
  const walk = (b: Branch, level: number, parent: string) => {
    const open = b.below.length > 0 ? !closed.has(b.department.id) : undefined;
    lines.push({ id: b.department.id, name: b.department.name, level, count: b.count, open, parent });
    if (open) for (const below of b.below) walk(below, level + 1, b.department.id);
  };
  for (const b of d.top) walk(b, 2, "");
  return lines;
}
