import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { MoveOptions } from "@/api/types";

/** When a move would have ended with these options; nothing before the dry run. */
export function useForecast(moveId: string, options: MoveOptions) {
  const client = useClient();
  return useQuery({
    queryKey: keys.forecast(moveId, JSON.stringify(options)),
    queryFn: () => client.runs.forecast(moveId, options),
    enabled: moveId !== "",
    placeholderData: keepPreviousData,
  }).data;
}
