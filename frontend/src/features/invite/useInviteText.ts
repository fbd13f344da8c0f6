import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { MailboxMove, Move } from "@/api/types";
import { waitsForPerson } from "@/features/move/run/people";

/** Where the invitation of a mailbox stands that waits for its person, in words; "" for others. */
export function useInviteText(move: Move): (m: MailboxMove) => string {
  const { t } = useTranslation();
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
      if (!s) return t("invite.row.notYet");
      return t(s.expires < Date.now() ? "invite.row.expired" : "invite.row.waiting");
    },
    [byBox, t],
  );
}
