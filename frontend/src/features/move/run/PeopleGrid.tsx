import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxMove, MoveState } from "@/api/types";
import { shortReason } from "@/components/trouble";
import type { InviteRow } from "@/features/move/invite/useInviteState";
import { PersonRow, type RowActs } from "@/features/move/run/PersonRow";
import { type Sort, type SortKey, troubleOf } from "@/features/move/run/people";
import { useDoing } from "@/features/move/run/useDoing";
import { useFormat } from "@/lib/useFormat";

interface Props {
  rows: readonly MailboxMove[];
  moveState: MoveState;
  /** Where an invitation stands; "" nobody is invited. */
  inviteOf: (m: MailboxMove) => InviteRow;
  ticked: ReadonlySet<string>;
  sort: Sort;
  acts: RowActs;
  onSort: (key: SortKey) => void;
  onTickAll: () => void;
}

const height = 50;
const headHeight = 36;
const most = 11;
const spare = 4;

/**
 * The people of a move: a table of which only the visible rows exist, moved through
 * with the arrow keys, ticked with the space bar.
 */
export function PeopleGrid({ rows, moveState, inviteOf, ticked, sort, acts, onSort, onTickAll }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const doing = useDoing();
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef(false);
  const [top, setTop] = useState(0);
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, Math.max(rows.length - 1, 0));
  const scrolls = rows.length > most;
  const view = Math.min(rows.length, most) * height;
  const first = scrolls ? Math.max(0, Math.floor(top / height) - spare) : 0;
  const last = Math.min(rows.length, Math.ceil((top + view) / height) + spare);
  const trouble = useTrouble();

  useEffect(() => {
    if (!wanted.current) return;
    const row = box.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"] .plain-link`);
    if (!row) return; // not there yet: the next scroll brings it
    wanted.current = false;
    row.focus({ preventScroll: true });
  });

  function onKeyDown(e: KeyboardEvent<HTMLDivElement>) {
    const row = rows[at];
    if (e.key === " " && row && e.target instanceof HTMLButtonElement && e.target.matches(".plain-link")) {
      e.preventDefault();
      acts.tick(row.id, e.shiftKey);
      return;
    }
    const step: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: most - 1,
      PageUp: 1 - most,
      Home: -rows.length,
      End: rows.length,
    };
    const by = step[e.key];
    if (by === undefined || !(e.target as HTMLElement).closest("[data-row]")) return;
    e.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, at + by));
    wanted.current = true;
    setCurrent(next);
    const el = box.current;
    if (!el) return;
    if (next * height < el.scrollTop) el.scrollTop = next * height;
    else if ((next + 1) * height > el.scrollTop + view) el.scrollTop = (next + 1) * height - view;
  }
  const head = (key: SortKey, text: string, end = false) => (
    <div
      role="columnheader"
      className={end ? "vt-end" : undefined}
      aria-sort={sort.key === key ? (sort.down ? "descending" : "ascending") : "none"}
    >
      <button type="button" className="sort" onClick={() => onSort(key)}>
        {text}
        <span aria-hidden>{sort.key === key ? (sort.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </div>
  );
  const blank = (label: ReactNode) => <div role="columnheader">{label}</div>;
  return (
    <div
      ref={box}
      className="vt people"
      role="table"
      aria-label={t("move.run.table")}
      aria-rowcount={rows.length + 1}
      style={scrolls ? { maxHeight: view + headHeight } : undefined}
      onScroll={(e) => setTop(e.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
      onFocus={(e) => {
        const id = (e.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
        const index = id === undefined ? -1 : rows.findIndex((m) => m.id === id);
        if (index >= 0) setCurrent(index);
      }}
    >
      <div role="rowgroup" className="vt-head">
        <div role="row" className="vt-row people-row" style={{ height: headHeight }} aria-rowindex={1}>
          {blank(
            <input
              type="checkbox"
              className="tick"
              aria-label={t("run.people.tickAll")}
              checked={rows.length > 0 && rows.every((m) => ticked.has(m.id))}
              onChange={onTickAll}
            />,
          )}
          {head("name", t("run.people.person"))}
          {head("state", t("move.run.state"))}
          {head("share", t("move.run.share"))}
          {head("left", t("move.run.left"), true)}
          {blank(t("run.people.last"))}
          {blank(<span className="visually-hidden">{t("run.people.next")}</span>)}
        </div>
      </div>
      <div
        role="rowgroup"
        style={scrolls ? { height: rows.length * height, paddingTop: first * height } : undefined}
      >
        {rows.slice(first, last).map((m, i) => (
          <PersonRow
            key={m.id}
            mailbox={m}
            moveState={moveState}
            invite={inviteOf(m)}
            ticked={ticked.has(m.id)}
            current={first + i === at}
            index={first + i}
            height={height}
            acts={acts}
            t={t}
            format={format}
            doing={doing}
            trouble={trouble}
          />
        ))}
      </div>
    </div>
  );
}

/** What went wrong with a mailbox last, or what it came to. */
function useTrouble(): (m: MailboxMove) => string {
  const { t } = useTranslation();
  const known = useRef<{ t: typeof t; tell: (m: MailboxMove) => string }>(undefined);
  if (known.current?.t !== t) {
    known.current = {
      t,
      tell(m) {
        const problem = troubleOf(m);
        if (problem) return shortReason(t, problem.class || problem.code);
        if (m.held) return t("run.people.held");
        if (m.differences > 0) return t("move.run.differences", { count: m.differences });
        const { leftBehind } = m.progress.counts;
        if (leftBehind > 0) return t("move.run.someLeft", { count: leftBehind });
        if (m.verified !== "none" && m.state === "done") return t(`move.verified.${m.verified}`);
        return "";
      },
    };
  }
  return known.current.tell;
}
