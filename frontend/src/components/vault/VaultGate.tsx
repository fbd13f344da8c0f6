import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { VaultStatus } from "@/api/types";
import { VaultDialog } from "@/components/vault/VaultDialog";

/** Resolves to true once passwords can be kept, false if the person changed their mind. */
type OpenVault = () => Promise<boolean>;

const VaultContext = createContext<OpenVault>(() => Promise.resolve(true));

export function useOpenVault(): OpenVault {
  return useContext(VaultContext);
}

/** Asks for the passphrase where no keychain opens the vault, and only when it is needed. */
export function VaultGate({ children }: { children: ReactNode }) {
  const client = useClient();
  const cache = useQueryClient();
  const [asking, setAsking] = useState<VaultStatus | null>(null);
  const answer = useRef<(ok: boolean) => void>(() => undefined);

  const open = useCallback<OpenVault>(async () => {
    const status = await client.vault.status();
    cache.setQueryData(keys.vault, status);
    if (status.state === "open") return true;
    setAsking(status);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, [client, cache]);

  function close(ok: boolean) {
    setAsking(null);
    answer.current(ok);
  }

  return (
    <VaultContext.Provider value={open}>
      {children}
      {asking && <VaultDialog status={asking} onDone={() => close(true)} onCancel={() => close(false)} />}
    </VaultContext.Provider>
  );
}
