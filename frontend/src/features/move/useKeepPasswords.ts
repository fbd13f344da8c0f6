import { useCallback } from "react";
import { useClient } from "@/api/ClientContext";
import { type Password, type PersonSide, readDraft, setDraft } from "@/features/move/draft";
import { useOpenVault } from "@/features/move/VaultGate";

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

    const keep = async (p: Password): Promise<Password> =>
      p.typed === "" ? p : { typed: "", handle: await client.vault.keep(p.typed) };
    const keepSide = async (s: PersonSide): Promise<PersonSide> => ({
      ...s,
      password: await keep(s.password),
    });
    const from = { ...draft.from, masterKey: await keep(draft.from.masterKey) };
    const to = { ...draft.to, masterKey: await keep(draft.to.masterKey) };
    const people = [];
    for (const p of draft.people) {
      people.push({ ...p, from: await keepSide(p.from), to: await keepSide(p.to) });
    }
    setDraft({ ...readDraft(), from, to, people });
    return true;
  }, [client, openVault]);
}
