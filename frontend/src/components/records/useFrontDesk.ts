import { useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";

/** Whether the program is locked for the front desk. */
export function useFrontDesk(ready: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: keys.frontDesk,
    queryFn: () => client.frontDesk.state(),
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
