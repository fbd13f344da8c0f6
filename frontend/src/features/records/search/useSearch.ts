import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";

/** A search that brings page after page, the newest first; an older one is stopped. */
export function useSearch(shelf: string, question: string) {
  const client = useClient();
  const query = useInfiniteQuery({
    queryKey: keys.recordSearch(shelf, question),
    queryFn: ({ pageParam, signal }) => {
      const id = crypto.randomUUID();
      signal.addEventListener("abort", () => void client.app.cancel(id).catch(() => undefined));
      // The first rows come soon, the rest in larger portions.
      return client.records.search(id, { shelf, question, before: pageParam, limit: pageParam ? 200 : 50 });
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  return { ...query, rows: query.data?.pages.flatMap((p) => p.rows) ?? [] };
}
