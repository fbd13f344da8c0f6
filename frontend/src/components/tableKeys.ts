import type { KeyboardEvent } from "react";

// What answers to arrow keys by itself, as a field or a list to choose from does, keeps them.
const walked = "button:not([aria-haspopup]), a[href], input[type=checkbox]";
const control = "button, a[href], input, [tabindex]";

/**
 * Moves the focus with the arrow keys from a row's control to that of another row in the same
 * column: Page Up and Page Down by as many rows as are in sight, Home and End to the first and
 * the last that the list has. reveal makes a row exist and says whether there is such a row.
 */
export function walkRows(
  event: KeyboardEvent<HTMLElement>,
  inSight: number,
  reveal: (index: number) => boolean,
) {
  const from = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(from instanceof HTMLElement) || !from.matches(walked)) return;
  const table = event.currentTarget;
  const cell = from.closest<HTMLElement>('[role="cell"], [role="columnheader"]');
  const line = cell?.closest<HTMLElement>('[role="row"]');
  if (!cell || !line || line.closest('[role="table"]') !== table) return;
  const column = [...line.children].indexOf(cell);
  const at = rowOf(line);
  const last = Number(table.getAttribute("aria-rowcount")) - 2;
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: Math.min(at + inSight, last),
    PageUp: Math.max(at - inSight, 0),
    Home: 0,
    End: last,
  }[event.key];
  if (to === undefined) return;
  const header = to < 0 ? table.querySelector('[role="row"]') : null;
  const row = header ?? (reveal(to) ? table.querySelector(`[role="row"][aria-rowindex="${to + 2}"]`) : null);
  const next = row?.children[column]?.querySelector<HTMLElement>(control);
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: !header && table.scrollHeight > table.clientHeight });
}

/** Which row of the list a line shows; -1 is the head. */
function rowOf(line: HTMLElement): number {
  return Number(line.getAttribute("aria-rowindex")) - 2;
}
