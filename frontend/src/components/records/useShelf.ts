import { useSyncExternalStore } from "react";

/** Whose records are looked through in place of the office's: an archive's, or a removed office's. */
export interface Opened {
  shelf: string;
  /** Of a removed office. */
  title?: string;
  removed?: number;
}

// It is looked through on every page for records, until the person goes back. The program
// forgets an opened archive when it ends.
let opened: Opened | undefined;
const listeners = new Set<() => void>();

/** Looks through other records; nothing goes back to the office. */
export function openShelf(other: Opened | undefined): void {
  opened = other;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The other records that are open now. */
export function useOpened(): Opened | undefined {
  return useSyncExternalStore(subscribe, () => opened);
}

/** What is looked through: the office, or other records that were opened. */
export function useShelf(officeId: string): { shelf: string; archive: boolean } {
  const other = useOpened();
  return { shelf: other?.shelf ?? officeId, archive: other !== undefined };
}
