import type { PersonRow } from "@/api/types";
import { emptyPerson, type Person } from "@/features/move/draft";

/** People as read from a file; their passwords are in the vault already. */
export function peopleOfFile(rows: readonly PersonRow[]): Person[] {
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
 * People pasted from a spreadsheet: old address, old password, new address, new
 * password; with a name before them where a line has five cells. Lines without an
 * address (headings) are left out.
 */
export function peopleOfPaste(text: string): Person[] {
  const people: Person[] = [];
  for (const line of text.split(/\r?\n/)) {
    const cells = line.split(/\t|[,;](?=\S)/).map((c) => c.trim().replace(/^"(.*)"$/, "$1"));
    if (!cells.some((c) => c.includes("@"))) continue;
    const named = cells.length > 4 || !(cells[0] ?? "").includes("@");
    const [fromUser = "", fromPassword = "", toUser = "", toPassword = ""] = named ? cells.slice(1) : cells;
    const p = emptyPerson();
    people.push({
      ...p,
      label: named ? (cells[0] ?? "") : "",
      from: { ...p.from, user: fromUser, password: { typed: fromPassword, handle: "" } },
      to: { ...p.to, user: toUser, password: { typed: toPassword, handle: "" } },
    });
  }
  return people;
}
