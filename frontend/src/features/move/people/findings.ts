import type { CheckedRow, PeopleCheck, RowFinding } from "@/api/types";
import { changeDraft, type Draft, isSelf, type Person, type SideName } from "@/features/move/draft";
import { hasPassword, oneForEach } from "@/features/move/draftCheck";
import { isArchive, isServer } from "@/features/move/draftInput";

/** A finding with the person that it is about. */
export interface Found extends RowFinding {
  key: string;
}

/** A cell of the table by the side and field that a column means. */
type Cell = { name: SideName; field: "user" | "password" };

const cells: Record<string, Cell> = {
  from_user: { name: "from", field: "user" },
  from_password: { name: "from", field: "password" },
  to_user: { name: "to", field: "user" },
  to_password: { name: "to", field: "password" },
};

export function cellOf(column: string): Cell | undefined {
  return cells[column];
}

/** The table as the program checks it: no passwords, only whether there is one. */
export function tableOf(draft: Draft, unknown: readonly string[]): PeopleCheck {
  const side = (name: SideName) => {
    const s = draft[name];
    return {
      host: isServer(s.kind) ? s.host.trim() : "",
      port: s.port ?? (s.security === "tls" ? 993 : 143),
      noUser: isArchive(s.kind),
      noPassword: !oneForEach(s),
    };
  };
  return {
    from: side("from"),
    to: side("to"),
    rows: draft.people.map((p) => rowOf(p, isSelf(draft, p))),
    unknown: [...unknown],
  };
}

function rowOf(p: Person, self: boolean): CheckedRow {
  return {
    fromUser: p.from.user,
    toUser: p.to.user,
    fromPassword: self || hasPassword(p.from.password),
    toPassword: self || hasPassword(p.to.password),
    fromHost: p.from.ready?.host ?? "",
    toHost: p.to.ready?.host ?? "",
  };
}

/** By which a person's "it is meant like this" is remembered. */
export function markOf(draft: Draft, f: Found): string {
  const person = draft.people.find((p) => p.key === f.key);
  const cell = cellOf(f.column);
  const text = person && cell ? person[cell.name].user : "";
  return `${f.code} ${f.domain || text.trim().toLowerCase()}`;
}

/** Puts the proposed cells in, for all findings that have one. */
export function acceptAll(found: readonly Found[]): void {
  const fixes = new Map<string, Found[]>();
  for (const f of found) {
    if (f.weight === "fix" && f.fixed) fixes.set(f.key, [...(fixes.get(f.key) ?? []), f]);
  }
  changeDraft((d) => ({
    people: d.people.map((p) => {
      let next = p;
      for (const f of fixes.get(p.key) ?? []) {
        const cell = cellOf(f.column);
        if (cell) next = { ...next, [cell.name]: { ...next[cell.name], user: f.fixed, test: undefined } };
      }
      return next;
    }),
  }));
}

/** The different mail domains of the people, in the order in which they come. */
export function domainsOf(draft: Draft): string[] {
  const all = new Set<string>();
  for (const p of draft.people) {
    for (const name of ["from", "to"] as const) {
      const domain = p[name].user.trim().toLowerCase().split("@")[1] ?? "";
      if (isServer(draft[name].kind) && /^[^\s@.]+(\.[^\s@.]+)+$/.test(domain)) all.add(domain);
    }
  }
  return [...all];
}
