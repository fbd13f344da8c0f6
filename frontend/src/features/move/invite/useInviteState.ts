import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { MailboxMove, Move } from "@/api/types";
import { waitsForPerson } from "@/features/move/run/people";

/** Where an invitation stands. */
export type InviteRow = "" | "notYet" | "waiting" | "expired";

/** Where the invitation of a mailbox stands that waits for its person; "" for others. */
export function useInviteState(move: Move): (m: MailboxMove) => InviteRow {
  const client = useClient();
  const { data: states } = useQuery({
    queryKey: keys.invites(move.id),
    queryFn: () => client.guests.states(move.id),
    enabled: move.mailboxes.some(waitsForPerson),
  });
  const byBox = useMemo(() => new Map(states?.map((s) => [s.mailboxId, s] as const)), [states]);
  return useCallback(
    (m) => {
      if (!waitsForPerson(m)) return "";
      const s = byBox.get(m.id);
      if (m.state === "failed" && s?.taken) return "";
      if (!s) return "notYet";
      return s.expires < Date.now() ? "expired" : "waiting";
    },
    [byBox],
  );
}
