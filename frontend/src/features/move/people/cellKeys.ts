import type { KeyboardEvent } from "react";
import { changeDraft, emptyPerson } from "@/features/move/draft";

/** Names a cell of the table, so that keys can find the one above or below. */
export function cellName(row: number, column: string): string {
  return `${row}:${column}`;
}

/** Enter and the arrows go from row to row within a column; Enter on the last adds one. */
export function onCellKey(
  event: KeyboardEvent,
  row: number,
  column: string,
  last: boolean,
  height: number,
): void {
  if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  if (step > 0 && last) {
    if (event.key !== "Enter") return;
    changeDraft((d) => ({ people: [...d.people, emptyPerson()] }));
  }
  goToCell(row + step, column, height);
}

/** Brings a cell into sight and puts the cursor into it. */
export function goToCell(row: number, column: string, height: number): void {
  if (row < 0) return;
  const table = document.querySelector<HTMLElement>(".people-table .vt");
  const find = () => table?.querySelector<HTMLElement>(`[data-cell="${cellName(row, column)}"] input`);
  const focus = () => {
    const input = find();
    input?.focus();
    input?.scrollIntoView?.({ block: "nearest" });
    return input !== null && input !== undefined;
  };
  requestAnimationFrame(() => {
    if (focus() || !table) return;
    table.scrollTop = Math.max(0, (row - 3) * height);
    requestAnimationFrame(() => requestAnimationFrame(focus));
  });
}
