import { useCallback } from "react";
import { useClient } from "@/api/ClientContext";
import { useOpenVault } from "@/components/vault/VaultGate";
import { type PersonSide, readDraft, setDraft } from "@/features/move/draft";
import type { Password } from "@/lib/password";

/**
 * Puts every typed password of the draft into the vault and replaces it by its
 * handle. False: the person did not open the vault.
 */
export function useKeepPasswords(): () => Promise<boolean> {
  const client = useClient();
  const openVault = useOpenVault();
  return useCallback(async () => {
    const draft = readDraft();
    const all = [
      draft.from.masterKey,
      draft.to.masterKey,
      ...draft.people.flatMap((p) => [p.from.password, p.to.password]),
    ];
    if (all.every((p) => p.typed === "" && p.handle === "")) return true;
    // What was kept before needs an open vault too, once the program was started again.
    if (!(await openVault())) return false;
    if (all.every((p) => p.typed === "")) return true;

    const typed = all.filter((p) => p.typed !== "");
    const handles = await client.vault.keepAll(typed.map((p) => p.typed));
    const kept = new Map(typed.map((p, i) => [p, { typed: "", handle: handles[i] ?? "" }] as const));
    // What was typed meanwhile is another value and stays for the next time.
    const keep = (p: Password): Password => kept.get(p) ?? p;
    const keepSide = (s: PersonSide): PersonSide => ({ ...s, password: keep(s.password) });
    const now = readDraft();
    setDraft({
      ...now,
      from: { ...now.from, masterKey: keep(now.from.masterKey) },
      to: { ...now.to, masterKey: keep(now.to.masterKey) },
      people: now.people.map((p) => ({ ...p, from: keepSide(p.from), to: keepSide(p.to) })),
    });
    return true;
  }, [client, openVault]);
}
