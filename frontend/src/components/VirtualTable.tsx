import { type CSSProperties, type ReactNode, type UIEvent, useState } from "react";

export interface Column<T> {
  key: string;
  title: ReactNode;
  /** A CSS grid track: "2fr", "120px", "minmax(160px, 1fr)". */
  width: string;
  align?: "start" | "end";
  cell: (row: T, index: number) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  rowHeight?: number;
  /** Rows beyond this many scroll inside the table; only the visible ones exist. */
  maxRows?: number;
  rowClass?: (row: T) => string | undefined;
  /** Told when the last rows come into sight. */
  onEnd?: () => void;
  /** All rows there are, if more than are loaded. */
  total?: number;
  minWidth?: number;
}

const spare = 6;
const headHeight = 36;

/**
 * A table that stays quick with ten thousand rows and is a real table for screen
 * readers, with rows of one height.
 */
export function VirtualTable<T>(props: Props<T>) {
  const { label, columns, rows, rowKey, rowHeight = 44, maxRows = 12, rowClass, onEnd, minWidth } = props;
  const [top, setTop] = useState(0);
  const scrolls = rows.length > maxRows;
  const height = Math.min(rows.length, maxRows) * rowHeight;
  const first = scrolls ? Math.max(0, Math.floor(top / rowHeight) - spare) : 0;
  const last = scrolls ? Math.min(rows.length, Math.ceil((top + height) / rowHeight) + spare) : rows.length;
  const tracks: CSSProperties = { gridTemplateColumns: columns.map((c) => c.width).join(" ") };

  function onScroll(event: UIEvent<HTMLDivElement>) {
    const at = event.currentTarget.scrollTop;
    setTop(at);
    if (onEnd && at + height > (rows.length - spare) * rowHeight) onEnd();
  }

  return (
    <div
      className="vt"
      role="table"
      aria-label={label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      style={scrolls ? { maxHeight: height + headHeight } : undefined}
      onScroll={scrolls ? onScroll : undefined}
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
          ...(scrolls && { height: rows.length * rowHeight, paddingTop: first * rowHeight }),
        }}
      >
        {rows.slice(first, last).map((row, i) => (
          <div
            role="row"
            key={rowKey(row)}
            className={`vt-row ${rowClass?.(row) ?? ""}`}
            style={{ ...tracks, height: rowHeight }}
            aria-rowindex={first + i + 2}
          >
            {columns.map((c) => (
              <div role="cell" key={c.key} className={c.align === "end" ? "vt-end" : undefined}>
                {c.cell(row, first + i)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
