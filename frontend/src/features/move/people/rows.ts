import type { PeopleList, PersonRow } from "@/api/types";
import { changeDraft, emptyPerson, type Person } from "@/features/move/draft";
import { isBlank } from "@/features/move/draftCheck";

/** People as read; their passwords are in the vault already. */
function peopleOfRows(rows: readonly PersonRow[]): Person[] {
  return rows.map((row) => {
    const p = emptyPerson();
    return {
      ...p,
      label: row.name,
      from: {
        ...p.from,
        user: row.fromUser,
        password: { typed: "", handle: row.fromSecret },
        ready: row.from,
      },
      to: { ...p.to, user: row.toUser, password: { typed: "", handle: row.toSecret }, ready: row.to },
    };
  });
}

/**
 * Puts what was read into the table: in place of what an earlier reading of the same
 * list brought, and of blank rows. Returns the new rows' keys.
 */
export function takeList(list: PeopleList, instead: readonly string[] = []): string[] {
  const people = peopleOfRows(list.rows);
  const gone = new Set(instead);
  changeDraft((d) => ({
    people: [...d.people.filter((p) => !gone.has(p.key) && !isBlank(p)), ...people],
  }));
  return people.map((p) => p.key);
}
