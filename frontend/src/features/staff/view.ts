import type { OfficePerson } from "@/api/offices";
import type { Hits } from "@/components/office/matching";
import { isNoticed, type Noticed } from "@/components/office/noticed";
import type { Directory } from "@/components/office/useDirectory";

/** Whom the table shows. */
export interface Filter {
  /** A department's ID; "" everybody, "-" those without one. */
  department: string;
  status: string;
  /** Those of whom something was noticed; "" everybody. */
  only: Noticed | "";
  /** A tag's ID; "" everybody. */
  tag: string;
  /** Those whom the text leads to; undefined without a text. */
  hits: Hits | undefined;
}

export const withoutDepartment = "-";

/** The people who fit, in the directory's order. */
export function shownPeople(d: Directory, f: Filter): OfficePerson[] {
  const within = f.department && f.department !== withoutDepartment ? d.within(f.department) : undefined;
  const tagged = f.tag ? d.tagged(f.tag) : undefined;
  if (!within && !tagged && f.department === "" && f.status === "" && f.only === "" && !f.hits)
    return d.people;
  const now = Date.now();
  return d.people.filter(
    (p, i) =>
      (!f.hits || f.hits[i] === 1) &&
      (!within || p.departments.some((id) => within.has(id))) &&
      (f.department !== withoutDepartment || p.departments.length === 0) &&
      (f.status === "" || p.status === f.status) &&
      (!tagged || tagged.has(p.id)) &&
      (f.only === "" || isNoticed(f.only, p, now)),
  );
}

export const statuses = ["active", "suspended", "locked", "leaving", "deleted"] as const;

/** How many people there are in each status. */
export function statusCounts(people: readonly OfficePerson[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const p of people) all.set(p.status, (all.get(p.status) ?? 0) + 1);
  return all;
}
