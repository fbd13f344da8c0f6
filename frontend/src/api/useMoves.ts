import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { fresher } from "@/api/fresher";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";

/** All moves, the newest first; kept up to date by events. */
export function useMoves() {
  const client = useClient();
  const cache = useQueryClient();
  return useQuery({
    queryKey: keys.moveList,
    queryFn: async () => {
      const known = new Map(cache.getQueryData<Move[]>(keys.moveList)?.map((m) => [m.id, m] as const));
      return (await client.moves.list()).map((m) => fresher(m, known.get(m.id)));
    },
  });
}

/** One move; kept up to date by events. */
export function useMove(id: string) {
  const client = useClient();
  const cache = useQueryClient();
  return useQuery({
    queryKey: keys.move(id),
    queryFn: async () => fresher(await client.moves.get(id), cache.getQueryData<Move>(keys.move(id))),
  });
}
