import type { OfficeInfo } from "@/api/offices";
import { isNoticed, noticed } from "@/components/office/noticed";
import type { Directory } from "@/components/office/useDirectory";

/** Something that is to be looked at: the page has a sentence and a button for each code. */
export interface Todo {
  code:
    | "key"
    | "postmaster"
    | "abuse"
    | "departments"
    | "full"
    | "suspended"
    | "archive"
    | "domain"
    | "unusual";
  count: number;
  /** Names, at most three; of records all months, the oldest first. */
  who: string[];
  to: string;
}

interface Known {
  office: OfficeInfo;
  directory: Directory;
  /** Whether lists and people are known at all. */
  canLists: boolean;
  /** Months of records that have ended and are not archived. */
  due: readonly string[];
  /** They can be archived with one click: it is known where to. */
  archived?: boolean;
  /** Whose records were found unusual, as far as nobody has looked yet. */
  unusual: readonly string[];
  /** Watched domains whose last look found something wrong. */
  ill: readonly string[];
  now: number;
}

/** What is to be done, as far as it is known; nothing is asked of the provider. */
export function todosOf({ office, directory: d, canLists, due, archived, unusual, ill, now }: Known): Todo[] {
  const all: Todo[] = [];
  const add = (code: Todo["code"], who: readonly string[], to: string) => {
    if (who.length > 0) all.push({ code, count: who.length, who: who.slice(0, 3), to });
  };
  const lacks = d.problem?.args.part !== undefined; // the people were told all the same
  const refused = !lacks && (d.problem?.code === "unauthenticated" || d.problem?.code === "forbidden");
  add("key", refused ? [office.title] : [], `/offices/${office.id}`);
  add("unusual", unusual, "/records/unusual");
  add("domain", ill, `/doctor/check/${encodeURIComponent(ill[0] ?? "")}`);
  if (d.refreshed === 0) return all;

  const domain = (d.domains.find((x) => !x.alias) ?? d.domains[0])?.name ?? "";
  const used = new Set(d.lists.map((l) => l.address));
  for (const p of d.people) for (const a of [p.address, ...p.aliases]) used.add(a);
  // Some providers list people without their aliases: then nobody can tell.
  const told = canLists && !lacks && domain !== "" && !d.people.some((p) => p.partial);
  for (const name of ["postmaster", "abuse"] as const) {
    const address = `${name}@${domain}`;
    add(name, told && !used.has(address) ? [address] : [], `/lists/new/${name}`);
  }
  for (const what of noticed) {
    if (what === "departments" && d.departments.length === 0) continue;
    const people = d.people.filter((p) => isNoticed(what, p, now));
    add(
      what,
      people.map((p) => p.name || p.address),
      `/people/only/${what}`,
    );
  }
  const place = archived ? "/records/archive/now" : "/records/archive";
  if (due.length > 0) all.push({ code: "archive", count: due.length, who: [...due].sort(), to: place });
  return all;
}

/** Months that follow each other, such as 2026-11 and 2026-12. */
export interface Run {
  from: string;
  to: string;
  count: number;
}

/** Sorted months as runs without a gap. */
export function runsOf(months: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const month of months) {
    const last = runs.at(-1);
    if (last && numberOf(month) === numberOf(last.to) + 1) {
      last.to = month;
      last.count++;
    } else runs.push({ from: month, to: month, count: 1 });
  }
  return runs;
}

function numberOf(month: string): number {
  const [year = 0, nth = 0] = month.split("-").map(Number);
  return year * 12 + nth;
}
