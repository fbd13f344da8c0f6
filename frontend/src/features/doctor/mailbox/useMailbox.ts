import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { LetterSide } from "@/api/doctor";
import { useOpenVault } from "@/components/vault/VaultGate";
import { emptySide, type Side, wireSide } from "@/features/doctor/letter/SideForm";
import { recall, remember } from "@/lib/memory";

export interface MailboxEntry {
  side: Side;
  change: (side: Side) => void;
  complete: boolean;
  /** Puts the password into the vault; undefined if the person changed their mind. */
  signedIn: () => Promise<LetterSide | undefined>;
}

/** One mailbox of a page: what was typed without its password, and the handle of that while the page is there. */
export function useMailbox(key: string): MailboxEntry {
  const client = useClient();
  const openVault = useOpenVault();
  const [side, setSide] = useState<Side>(() => recall<Side>(key) ?? emptySide);
  const handle = useRef({ id: "", password: "" });
  const forget = useCallback(() => {
    if (handle.current.id) void client.vault.forget(handle.current.id).catch(() => undefined);
    handle.current = { id: "", password: "" };
  }, [client]);
  useEffect(() => forget, [forget]);

  return {
    side,
    change(next) {
      setSide(next);
      remember(key, { ...next, password: "" });
    },
    complete: side.address.includes("@") && side.password !== "" && side.imap.host !== "",
    async signedIn() {
      if (!(await openVault())) return undefined;
      if (handle.current.password !== side.password) {
        forget();
        handle.current = { id: await client.vault.keep(side.password), password: side.password };
      }
      return wireSide(side, handle.current.id);
    },
  };
}
