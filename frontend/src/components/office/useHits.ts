import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { matcher } from "@/components/office/matching";
import type { Directory } from "@/components/office/useDirectory";

/**
 * The IDs of the people whom a text leads to, by name, pinyin, initials, address or phone;
 * undefined without a text. What people are searched in is fetched once, with the first
 * text or ahead of it; until it is there, the program searches.
 */
export function useHits(
  directory: Directory | undefined,
  text: string,
  ahead = false,
): Set<string> | undefined {
  const client = useClient();
  const office = directory?.office ?? "";
  const seq = directory?.seq ?? 0;
  const typed = text.trim();
  const { data: index } = useQuery({
    queryKey: keys.searchIndex(office, seq),
    queryFn: () => client.directory.searchIndex(office),
    enabled: directory !== undefined && (typed !== "" || ahead),
    gcTime: 60_000,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const current = index?.seq === seq && index.texts.length === directory?.people.length;
  const { data: told } = useQuery({
    queryKey: [...keys.search(office, typed), seq],
    queryFn: () => client.directory.search(office, typed, 0),
    enabled: directory !== undefined && typed !== "" && !current,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  return useMemo(() => {
    if (typed === "" || !directory) return undefined;
    if (!current || !index) return told && new Set(told.ids);
    const fits = matcher(typed);
    return new Set(directory.people.filter((_, i) => fits(index.texts[i] ?? "")).map((p) => p.id));
  }, [typed, directory, current, index, told]);
}
