import { type DragEvent, type HTMLAttributes, useCallback, useEffect, useMemo, useRef } from "react";
import type { OfficePerson } from "@/api/offices";

/** What a dragged person is called among the data of a drag. */
export const dragType = "application/x-mailroom-people";

/**
 * What makes the rows of people draggable to a department: one of those who are marked takes
 * all of them along. It is the same for every row and for good, so that no row is drawn anew.
 */
export function useDragging(
  rows: readonly OfficePerson[],
  marked: ReadonlySet<string>,
): () => HTMLAttributes<HTMLDivElement> {
  const now = useRef({ rows, marked });
  useEffect(() => {
    now.current = { rows, marked };
  }, [rows, marked]);
  const row = useMemo<HTMLAttributes<HTMLDivElement>>(
    () => ({
      draggable: true,
      onDragStart(event: DragEvent<HTMLDivElement>) {
        const id = now.current.rows[Number(event.currentTarget.getAttribute("aria-rowindex")) - 2]?.id;
        if (id === undefined) return;
        const ids = now.current.marked.has(id) ? [...now.current.marked] : [id];
        event.dataTransfer.setData(dragType, JSON.stringify(ids));
        event.dataTransfer.effectAllowed = "move";
      },
    }),
    [],
  );
  return useCallback(() => row, [row]);
}
