import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { readDraft, useDraft } from "@/features/move/draft";
import { domainsOf, type Found, markOf, tableOf } from "@/features/move/people/findings";

/** How long after a change the table is checked again, in milliseconds. */
const pause = 250;
/** How long nobody types before the DNS is asked about new domains. */
const quiet = 1500;

/** What is known of domains, for as long as the program runs. */
const domains = new Map<string, boolean>();

export interface Findings {
  all: Found[];
  /** What keeps the move from being made: stops, and fixes that nobody accepted. */
  blocking: Found[];
  fixes: Found[];
  /** What looks odd and nobody has said that it is meant like that. */
  odd: Found[];
  byKey: Map<string, Found[]>;
  /** Checks at once and returns what is found. */
  check: () => Promise<Omit<Findings, "check">>;
}

/** Looks at every row of the table, a moment after each change. */
export function useFindings(): Findings {
  const client = useClient();
  const draft = useDraft();
  const [all, setAll] = useState<Found[]>([]);
  const [news, setNews] = useState(0);
  const turn = useRef(0);

  const look = useCallback(async (): Promise<Found[]> => {
    const mine = ++turn.current;
    const now = readDraft();
    const unknown = [...domains].filter(([, known]) => !known).map(([name]) => name);
    const found = (await client.people.check(tableOf(now, unknown))).map((f) => ({
      ...f,
      key: now.people[f.row - 1]?.key ?? "",
    }));
    if (mine === turn.current) setAll(found);
    return found;
  }, [client]);

  const { people, from, to } = draft;
  // biome-ignore lint/correctness/useExhaustiveDependencies: checked anew when any of these changes
  useEffect(() => {
    const timer = setTimeout(() => void look().catch(() => undefined), pause);
    return () => clearTimeout(timer);
  }, [people, from, to, news, look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the people change
  useEffect(() => {
    const timer = setTimeout(async () => {
      const fresh = domainsOf(readDraft()).filter((d) => !domains.has(d));
      if (fresh.length === 0) return;
      for (const d of fresh) domains.set(d, true);
      try {
        const unknown = await client.people.domains(fresh);
        for (const d of unknown) domains.set(d, false);
        if (unknown.length > 0) setNews((n) => n + 1);
      } catch {
        // Without a DNS nothing is said about domains.
      }
    }, quiet);
    return () => clearTimeout(timer);
  }, [people, client]);

  const { allowed } = draft;
  const sorted = useMemo(() => sort(all, allowed), [all, allowed]);
  const check = useCallback(async () => sort(await look(), readDraft().allowed), [look]);
  return { ...sorted, check };
}

function sort(all: Found[], allowed: readonly string[]): Omit<Findings, "check"> {
  const draft = readDraft();
  const meant = new Set(allowed);
  const byKey = new Map<string, Found[]>();
  const fixes: Found[] = [];
  const blocking: Found[] = [];
  const odd: Found[] = [];
  const people = allowed.length > 0 ? draft : undefined;
  for (const f of all) {
    byKey.set(f.key, [...(byKey.get(f.key) ?? []), f]);
    if (f.weight === "fix") fixes.push(f);
    if (f.weight !== "look") blocking.push(f);
    else if (!people || !meant.has(markOf(draft, f))) odd.push(f);
  }
  return { all, blocking, fixes, odd, byKey };
}
