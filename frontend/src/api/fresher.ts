import type { Move } from "@/api/types";

/**
 * A fetched move, unless the cache has heard something newer meanwhile: then its
 * figures stay.
 */
export function fresher(fetched: Move, known: Move | undefined): Move {
  if (!known || known.progress.seq <= fetched.progress.seq) return fetched;
  const byId = new Map(known.mailboxes.map((m) => [m.id, m] as const));
  return {
    ...fetched,
    progress: known.progress,
    mailboxes: fetched.mailboxes.map((m) => {
      const k = byId.get(m.id);
      return k ? { ...m, progress: k.progress } : m;
    }),
  };
}
