import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OpenedFile, Problem } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";

/** What the window is about: one invitation, a file that was opened with it, or neither. */
export function useCurrentInvitation(ready: boolean) {
  const client = useClient();
  const cache = useQueryClient();
  useEffect(
    () => client.on("invite:offered", () => void cache.invalidateQueries({ queryKey: keys.guest })),
    [client, cache],
  );
  return useQuery({
    queryKey: keys.guest,
    queryFn: () => client.guests.current(),
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Opens invitations and results, from a file or pasted. */
export function useOpenFile() {
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();

  const open = useCallback(
    async (act: () => Promise<OpenedFile | undefined>): Promise<OpenedFile | undefined> => {
      setTrouble(undefined);
      if (!(await openVault())) return undefined;
      setBusy(true);
      try {
        const opened = await act();
        if (opened?.result) void cache.invalidateQueries({ queryKey: keys.moves });
        return opened;
      } catch (e) {
        setTrouble(problemOf(e));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [cache, openVault],
  );
  return {
    busy,
    trouble,
    file: (path: string) => open(() => client.guests.openFile(path)),
    text: (text: string) => open(() => client.guests.openText(text)),
    pick: () =>
      open(async () => {
        const path = await client.guests.pick();
        return path ? client.guests.openFile(path) : undefined;
      }),
  };
}
