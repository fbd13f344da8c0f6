import { useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { RecordZone } from "@/api/records";
import { useShelf } from "@/components/records/useShelf";

/** The zone of what is looked through: days, months and times of records are its own. */
export function useRecordZone(officeId: string): RecordZone | undefined {
  const client = useClient();
  const { shelf } = useShelf(officeId);
  const { data } = useQuery({
    queryKey: keys.recordZone(shelf),
    queryFn: () => client.recordSources.zone(shelf),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
