import { useCallback, useSyncExternalStore } from "react";

/**
 * How many rows of a table fit into the window beside what stands around it (pixels): what
 * follows the table, such as its buttons, stays in sight. At least five.
 */
export function useFittingRows(rowHeight: number, around: number): number {
  const count = useCallback(
    () => Math.max(5, Math.floor((window.innerHeight - around) / rowHeight)),
    [rowHeight, around],
  );
  return useSyncExternalStore(onResize, count);
}

function onResize(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}
