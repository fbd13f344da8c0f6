import {
  type CSSProperties,
  type HTMLAttributes,
  memo,
  type ReactNode,
  type RefObject,
  type UIEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { type Slot, slotsOf } from "@/components/slots";
import { walkRows } from "@/components/tableKeys";
import { useRoom } from "@/components/useRoom";

export interface Column<T> {
  key: string;
  title: ReactNode;
  /** A CSS grid track: "2fr", "120px", "minmax(160px, 1fr)". */
  width: string;
  align?: "start" | "end";
  /** A class of the cells: "clip" cuts text that does not fit, and shows it whole under the pointer. */
  className?: string;
  cell: (row: T, index: number) => ReactNode;
}

interface Props<T> {
  label: string;
  /** A list that is the same object as before spares every row that has not changed. */
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  rowHeight?: number;
  /** Rows beyond this many scroll inside the table; only the visible ones exist. */
  maxRows?: number;
  /**
   * The table takes the height that its flex box leaves it, instead of maxRows. What a row
   * shows must then depend on its cells only: rows are used again for others.
   */
  fill?: boolean;
  /** The table is there, but nobody sees it. */
  hidden?: boolean;
  /** A table that fills goes back to its first row when this changes. */
  question?: string;
  rowClass?: (row: T) => string | undefined;
  /** What else a row is: say, that it can be dragged. */
  rowProps?: (row: T) => HTMLAttributes<HTMLDivElement>;
  /** Told when the last rows come into sight. */
  onEnd?: () => void;
  /** All rows there are, if more than are loaded. */
  total?: number;
  minWidth?: number;
}

const spare = 6;
/** A table that nobody has scrolled yet, as while somebody types, has fewer rows to draw anew. */
const spareAtTop = 2;
const headHeight = 36;

/**
 * A table that stays quick with ten thousand rows and is a real table for screen
 * readers, with rows of one height.
 */
export function VirtualTable<T>(props: Props<T>) {
  const { label, columns, rows, rowKey, rowHeight = 44, maxRows = 12, fill = false, minWidth } = props;
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const room = useRoom(box, fill);
  const height = fill ? Math.max(0, room - headHeight) : Math.min(rows.length, maxRows) * rowHeight;
  const scrolls = rows.length * rowHeight > height;
  const inSight = scrolls ? Math.ceil(height / rowHeight) : rows.length;
  const slots = slotsOf(rows.length, inSight, at, fill && at === 0 ? spareAtTop : spare);
  const tracks = useMemo<CSSProperties>(
    () => ({ gridTemplateColumns: columns.map((c) => c.width).join(" "), height: rowHeight }),
    [columns, rowHeight],
  );
  const top = useRef(0); // kept here: asking the box would lay the page out with every key
  useTop(fill ? props.question : undefined, () => {
    if (!box.current || top.current === 0) return;
    box.current.scrollTop = 0;
    top.current = 0;
    setAt(0);
  });

  function onScroll(event: UIEvent<HTMLDivElement>) {
    top.current = event.currentTarget.scrollTop;
    setAt(Math.floor(top.current / rowHeight));
    if (scrolls && props.onEnd && top.current + height > (rows.length - spare) * rowHeight) props.onEnd();
  }

  /** Brings a row into sight, so that it exists. */
  function reveal(index: number): boolean {
    const node = box.current;
    if (!node || index < 0 || index >= rows.length) return false;
    const over = index * rowHeight;
    const under = over + rowHeight + headHeight - node.clientHeight;
    const to = Math.max(under, Math.min(over, node.scrollTop));
    if (scrolls && to !== node.scrollTop) {
      node.scrollTop = to;
      top.current = to;
      flushSync(() => setAt(Math.floor(to / rowHeight)));
    }
    return true;
  }

  return (
    <div
      ref={box}
      className={fill ? "vt vt-fill" : "vt"}
      hidden={props.hidden}
      role="table"
      aria-label={label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      style={scrolls && !fill ? { maxHeight: height + headHeight } : undefined}
      onScroll={onScroll}
      onKeyDown={(event) => walkRows(event, inSight, reveal)}
      onMouseOver={wholeText}
      onFocus={wholeText}
      // A region that scrolls must be reachable by keys.
      tabIndex={scrolls ? 0 : undefined}
    >
      <div role="rowgroup" className="vt-head" style={{ minWidth }}>
        <div role="row" className="vt-row" style={{ ...tracks, height: headHeight }} aria-rowindex={1}>
          {columns.map((c) => (
            <div role="columnheader" key={c.key} className={c.align === "end" ? "vt-end" : undefined}>
              {c.title}
            </div>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        style={{
          minWidth,
          ...(scrolls && { height: rows.length * rowHeight, paddingTop: (slots[0]?.index ?? 0) * rowHeight }),
        }}
      >
        {slots.map((slot) => renderRow(slot, rows[slot.index] as T))}
      </div>
    </div>
  );

  function renderRow(slot: Slot, row: T) {
    const Row = fill ? Reused : Plain;
    return (
      <Row
        key={fill ? slot.key : rowKey(row)}
        id={fill ? rowKey(row) : undefined}
        row={row}
        index={slot.index}
        columns={columns as Column<unknown>[]}
        tracks={tracks}
        className={props.rowClass?.(row)}
        more={props.rowProps?.(row)}
      />
    );
  }
}

interface RowProps {
  /** Who a row that is used again shows. */
  id?: string;
  row: unknown;
  index: number;
  columns: Column<unknown>[];
  tracks: CSSProperties;
  className?: string;
  more?: HTMLAttributes<HTMLDivElement>;
  line?: RefObject<HTMLDivElement | null>;
}

const Plain = memo(function Row(props: RowProps) {
  const { row, index, columns, tracks, className, more, line } = props;
  return (
    <div
      {...more}
      role="row"
      ref={line}
      className={className ? `vt-row ${className}` : "vt-row"}
      style={tracks}
      aria-rowindex={index + 2}
    >
      {columns.map((c) => (
        <div role="cell" key={c.key} className={c.align === "end" ? "vt-end" : c.className}>
          {c.cell(row, index)}
        </div>
      ))}
    </div>
  );
});

/** A row whose nodes show somebody else later: the focus does not go over to them. */
const Reused = memo(function Row(props: RowProps) {
  const line = useRef<HTMLDivElement>(null);
  const shown = useRef(props.id);
  useLayoutEffect(() => {
    if (shown.current === props.id) return;
    shown.current = props.id;
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && line.current?.contains(focused)) {
      line.current.closest<HTMLElement>('[role="table"]')?.focus({ preventScroll: true });
    }
  }, [props.id]);
  return <Plain {...props} line={line} />;
});

/** Another question is answered from the top. */
function useTop(question: string | undefined, toTop: () => void) {
  const asked = useRef(question);
  useLayoutEffect(() => {
    if (asked.current === question) return;
    asked.current = question;
    toTop();
  });
}

/** Text that is cut off is told whole where the pointer stays: measured then, not for every row. */
function wholeText(event: { target: EventTarget }) {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>(".clip") : null;
  if (!cell || (cell.title && cell.dataset.whole === undefined)) return; // its own title
  cell.dataset.whole = "";
  cell.title = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? "") : "";
}
