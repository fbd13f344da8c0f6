import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { type DragEvent, type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Directory } from "@/components/office/useDirectory";
import { useRoom } from "@/components/useRoom";
import type { DepartmentAct } from "@/features/staff/DepartmentDialog";
import { dragType } from "@/features/staff/dragging";
import { lineHeight, linesInSight, linesOf } from "@/features/staff/treeLines";

interface Props {
  directory: Directory;
  editable: boolean;
  chosen: string;
  onChoose: (id: string) => void;
  onAct: (act: DepartmentAct) => void;
  onMove: (id: string, to: string) => void;
  onPeople: (ids: string[], to: string) => void;
}

const departmentType = "application/x-mailroom-department";

/**
 * The tree as lines, of which one is reachable by Tab and the others by arrows (ARIA's tree
 * pattern). Of hundreds of departments only the lines in sight exist, and the one that has the focus.
 */
export function DepartmentTree(props: Props) {
  const { directory, editable, chosen, onChoose, onAct, onMove, onPeople } = props;
  const { t } = useTranslation();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState<string | null>(null);
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const goal = useRef<string | null>(null);
  const room = useRoom(box);
  const lines = useMemo(() => linesOf(directory, closed, t("dept.all")), [directory, closed, t]);
  const current = Math.max(
    0,
    lines.findIndex((l) => l.id === chosen),
  );
  const shown = linesInSight(lines.length, top, room, current);

  useLayoutEffect(() => {
    if (goal.current === null) return;
    const node = [...(box.current?.querySelectorAll<HTMLElement>("[data-id]") ?? [])].find(
      (n) => n.dataset.id === goal.current,
    );
    goal.current = null;
    node?.focus();
  });

  const toggle = (id: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(id);
    else next.add(id);
    setClosed(next);
  };
  const focus = (at: number) => {
    const line = lines[at];
    if (!line) return;
    goal.current = line.id; // it is drawn first, if it is out of sight
    onChoose(line.id);
  };
  function onKey(event: KeyboardEvent, at: number) {
    const line = lines[at];
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
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
    <div className="dept-tree" ref={box} onScroll={(e) => setTop(e.currentTarget.scrollTop)}>
      <div
        role="tree"
        aria-label={t("dept.title")}
        title={editable ? t("dept.keys") : undefined}
        style={{ height: lines.length * lineHeight }}
      >
        {shown.map((at) => {
          const line = lines[at];
          return (
            line && (
              <div
                key={line.id}
                role="treeitem"
                data-id={line.id}
                aria-level={line.level}
                aria-posinset={line.place}
                aria-setsize={line.of}
                aria-selected={at === current}
                aria-expanded={line.open}
                tabIndex={at === current ? 0 : -1}
                className={`dept-node${at === current ? " chosen" : ""}${line.id === over ? " over" : ""}`}
                style={{ top: at * lineHeight, paddingInlineStart: 4 + (line.level - 1) * 12 }}
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
                  {line.open === undefined ? null : line.open ? (
                    <CaretDownOutlined />
                  ) : (
                    <CaretRightOutlined />
                  )}
                </span>
                <span className="clip grow" title={line.name}>
                  {line.name}
                </span>
                <span className="faint tabular">{line.count}</span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
