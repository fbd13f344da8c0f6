import { useEffect, useSyncExternalStore } from "react";
import type { SideName } from "@/features/move/draft";

/** Who filled in the server of a side: nobody yet, the recognition, or a person. */
interface Origin {
  by: "nobody" | "recognition" | "person";
  /** The provider that was found or chosen, "" unknown. */
  provider: string;
  /** The domain that led there, "" none. */
  domain: string;
}

const nobody: Origin = { by: "nobody", provider: "", domain: "" };
let origins: Record<SideName, Origin> = { from: nobody, to: nobody };
const listeners = new Set<() => void>();

/** Remembers where a side's server comes from; it lives as long as the draft does. */
export function setOrigin(name: SideName, origin: Origin): void {
  origins = { ...origins, [name]: origin };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where a side's server comes from. With neither server nor address it is a fresh start. */
export function useOrigin(name: SideName, host: string, address: string): Origin {
  const origin = useSyncExternalStore(subscribe, () => origins[name]);
  const blank = host.trim() === "" && address.trim() === "";
  useEffect(() => {
    if (blank && origin !== nobody) setOrigin(name, nobody);
  }, [blank, origin, name]);
  return origin;
}
