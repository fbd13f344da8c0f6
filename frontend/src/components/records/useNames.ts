import { useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { useDirectory } from "@/components/office/useDirectory";
import { useFrontDesk } from "@/components/records/useFrontDesk";

interface Named {
  address: string;
  name: string;
}

const nobody: Named[] = [];

/** What the people of an office are called; at the front desk that is all there is to know of them. */
export function useNames(officeId: string): Named[] {
  const client = useClient();
  const { data: desk } = useFrontDesk(true);
  const { directory } = useDirectory(officeId);
  const { data: names } = useQuery({
    queryKey: keys.deskNames(officeId),
    queryFn: () => client.frontDesk.names(officeId),
    enabled: desk?.locked === true,
  });
  return (desk?.locked ? names : directory?.people) ?? nobody;
}
