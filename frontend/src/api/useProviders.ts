import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { FoundProvider, ProviderInfo } from "@/api/types";

const none: ProviderInfo[] = [];

/** All known providers; none while they are being asked for. */
export function useProviders(): ProviderInfo[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: keys.providers,
    queryFn: () => client.providers.list(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? none;
}

/** The provider whose IMAP server this is; business mail comes before personal mail of the same host. */
export function byHost(providers: ProviderInfo[], host: string): ProviderInfo | undefined {
  const wanted = host.trim().toLowerCase();
  // Anything may listen on this computer.
  if (wanted.startsWith("127.")) return undefined;
  return wanted ? providers.find((p) => p.imap.some((s) => s.host === wanted)) : undefined;
}

/** How long the typing must rest before an address is looked up, in milliseconds. */
const typingRest = 400;

/** Whether an address is complete enough to be looked up. */
export function isAddress(text: string): boolean {
  return /^[^\s@]+[@＠][^\s@]+[.。．][^\s@.]{2,}$/.test(text.trim());
}

/**
 * Recognises the provider of an address while it is typed: after a short rest, and
 * stopped by typing on. An address that was looked up is remembered.
 */
export function useFind(address: string, wanted: boolean): { found?: FoundProvider; busy: boolean } {
  const client = useClient();
  const asked = useRested(wanted && isAddress(address) ? address.trim() : "");
  const { data, isFetching } = useQuery({
    queryKey: keys.found(asked),
    queryFn: ({ signal }) => {
      const id = crypto.randomUUID();
      signal.addEventListener("abort", () => void client.app.cancel(id).catch(() => undefined));
      return client.providers.find(id, asked);
    },
    enabled: asked !== "",
    retry: false,
    staleTime: 10 * 60_000,
  });
  return { found: asked === address.trim() ? data : undefined, busy: isFetching };
}

function useRested(value: string): string {
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), value ? typingRest : 0);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
