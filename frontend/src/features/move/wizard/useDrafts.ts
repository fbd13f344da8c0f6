import { useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";

/** The moves that are still being put together, the latest first. */
export function useDrafts() {
  const client = useClient();
  return useQuery({ queryKey: keys.drafts, queryFn: () => client.drafts.list() });
}
