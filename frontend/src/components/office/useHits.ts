import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { type Hits, seeker } from "@/components/office/matching";
import type { Directory } from "@/components/office/useDirectory";

/**
 * Whom of a directory a text leads to, by name, pinyin, initials, address or phone;
 * undefined without a text. What people are searched in is fetched once, with the first
 * text or ahead of it; until it is there, the program searches.
 */
export function useHits(directory: Directory | undefined, text: string, ahead = false): Hits | undefined {
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
  // With the index at hand nothing is asked, and no key makes a question of its own.
  const asked = current ? "" : typed;
  const { data: told } = useQuery({
    queryKey: [...keys.search(office, asked), seq],
    queryFn: () => client.directory.search(office, asked, 0),
    enabled: directory !== undefined && asked !== "",
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  const seek = useMemo(() => (current && index ? seeker(index.texts) : undefined), [current, index]);
  return useMemo(() => {
    if (typed === "" || !directory) return undefined;
    if (seek) return seek(typed);
    if (!told) return undefined;
    const ids = new Set(told.ids);
    return Uint8Array.from(directory.people, (p) => (ids.has(p.id) ? 1 : 0));
  }, [typed, directory, seek, told]);
}
