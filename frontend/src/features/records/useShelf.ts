import { useSyncExternalStore } from "react";

// An archive that was opened is looked through in place of the office, on every page for
// records, until the person goes back. The program forgets it when it ends.
let opened: { shelf: string } | undefined;
const listeners = new Set<() => void>();

/** Looks through an opened archive; "" goes back to the office. */
export function openShelf(shelf: string): void {
  opened = shelf ? { shelf } : undefined;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is looked through: the office, or an archive that was opened. */
export function useShelf(officeId: string): { shelf: string; archive: boolean } {
  const other = useSyncExternalStore(subscribe, () => opened);
  return { shelf: other?.shelf ?? officeId, archive: other !== undefined };
}
