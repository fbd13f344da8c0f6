import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeCheck, OfficeInfo, OfficeMaker } from "@/api/offices";
import type { Problem } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";
import { draftOf, type Typed } from "@/features/office/draftOffice";

/** Tests and stores an office that was typed. */
export function useConnect(office?: OfficeInfo) {
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const [busy, setBusy] = useState<"" | "test" | "save">("");
  const [check, setCheck] = useState<OfficeCheck | null>(null);
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const request = useRef("");
  // What was typed is kept once: a second test must not fill the vault.
  const kept = useRef(new Map<string, string>());

  const handlesOf = useCallback(
    async (typed: Typed): Promise<Record<string, string> | undefined> => {
      const given = Object.entries(typed.secrets).filter(([, v]) => v !== "");
      if (given.length === 0) return {};
      if (!(await openVault())) return undefined;
      const handles: Record<string, string> = {};
      for (const [key, text] of given) {
        const handle = kept.current.get(text) ?? (await client.vault.keep(text));
        kept.current.set(text, handle);
        handles[key] = handle;
      }
      return handles;
    },
    [client, openVault],
  );

  const run = useCallback(
    async <T>(
      what: "test" | "save",
      typed: Typed,
      maker: OfficeMaker,
      act: (id: string, draft: ReturnType<typeof draftOf>) => Promise<T>,
    ) => {
      setBusy(what);
      setTrouble(null);
      setCheck(null);
      request.current = crypto.randomUUID();
      try {
        const handles = await handlesOf(typed);
        if (!handles) return undefined;
        return await act(request.current, draftOf(typed, maker, handles, office?.id));
      } catch (e) {
        setTrouble(problemOf(e));
        return undefined;
      } finally {
        setBusy("");
      }
    },
    [handlesOf, office?.id],
  );

  return {
    busy,
    check,
    trouble,
    forget: () => {
      setCheck(null);
      setTrouble(null);
    },
    stop: () => void client.app.cancel(request.current).catch(() => undefined),
    test: async (typed: Typed, maker: OfficeMaker) => {
      const found = await run("test", typed, maker, client.offices.test);
      if (found?.ok) setCheck(found);
      else if (found?.problem) setTrouble(found.problem);
    },
    save: async (typed: Typed, maker: OfficeMaker) => {
      const saved = await run("save", typed, maker, client.offices.connect);
      if (saved) await cache.invalidateQueries({ queryKey: keys.offices });
      return saved;
    },
  };
}
