import { useCallback, useMemo } from "react";
import type { Directory } from "@/components/office/useDirectory";

/** Whose an address is; "" nobody's. */
export function useAddressUse(directory: Directory): (address: string) => string {
  const used = useMemo(() => {
    const all = new Map<string, string>();
    for (const l of directory.lists) all.set(l.address, l.name || l.address);
    for (const p of directory.people) {
      for (const a of [...p.aliases, p.address]) all.set(a, p.name || p.address);
    }
    return all;
  }, [directory]);
  return useCallback((address) => used.get(address) ?? "", [used]);
}
