import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Suggestion } from "@/api/types";

const none: Suggestion[] = [];

/** The providers with a known server; none while they are being asked for. */
export function useProviders(): Suggestion[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: keys.providers,
    queryFn: () => client.endpoints.providers(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? none;
}

/** Finds the server for an address; undefined where none is known. */
export function useSuggest(): (address: string) => Promise<Suggestion | undefined> {
  const client = useClient();
  return useCallback((address) => client.endpoints.suggest(address).catch(() => undefined), [client]);
}
