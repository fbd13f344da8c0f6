/** A row that exists, and which of the nodes of a table shows it. */
export interface Slot {
  key: number;
  index: number;
}

/**
 * The rows to draw of a table that shows `visible` rows from row `at` on, with some spare
 * above and below. A node keeps its row while the table scrolls: only who leaves at one
 * end is shown anew at the other.
 */
export function slotsOf(rows: number, visible: number, at: number, spare: number): Slot[] {
  const nodes = Math.min(rows, visible + 2 * spare);
  const first = Math.max(0, Math.min(at - spare, rows - nodes));
  return Array.from({ length: nodes }, (_, i) => ({ key: (first + i) % nodes, index: first + i }));
}
