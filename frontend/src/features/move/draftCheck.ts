import { type Draft, isSelf, type Person, type Side, type SideName } from "@/features/move/draft";
import { isArchive } from "@/features/move/draftInput";
import type { Password } from "@/lib/password";

/** What is still missing, by the name of a text. */
export type Gap = "host" | "path" | "masterUser" | "masterPassword" | "app";
type RowGap = "user" | "password" | "twice";

/** What a side lacks before people can be entered. */
export function sideGap(side: Side): Gap | undefined {
  if (isArchive(side.kind)) return side.path ? undefined : "path";
  if (side.kind === "practice") return undefined;
  if (!side.host.trim()) return "host";
  if (side.auth) return side.app ? undefined : "app";
  if (side.master && !side.masterUser.trim()) return "masterUser";
  if (side.master && !hasPassword(side.masterKey)) return "masterPassword";
  return undefined;
}

/** Whether everybody has a password, or a sign-in, of their own on a side. */
export function oneForEach(side: Side): boolean {
  return side.auth ? side.auth === "oauth" : !side.master;
}

export function hasPassword(p: Password): boolean {
  return p.typed !== "" || p.handle !== "";
}

/** What a row of the people table lacks on one side. */
export function rowGap(draft: Draft, name: SideName, person: Person): RowGap | undefined {
  const side = draft[name];
  if (isArchive(side.kind) || side.kind === "practice") return undefined;
  const own = person[name];
  if (own.ready) return undefined;
  if (!own.user.trim()) return "user";
  if (oneForEach(side) && !hasPassword(own.password) && !isSelf(draft, person)) return "password";
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const twice = draft.people.some(
    (p) => p.key !== person.key && same(p.from.user, person.from.user) && same(p.to.user, person.to.user),
  );
  return twice ? "twice" : undefined;
}

/** Rows in which nothing was entered yet. */
export function isBlank(person: Person): boolean {
  return [person.from, person.to].every((s) => !s.user.trim() && !hasPassword(s.password) && !s.ready);
}

/** Whether the people can be handed over: at least one, none with a gap. */
export function peopleReady(draft: Draft): boolean {
  const rows = draft.people.filter((p) => !isBlank(p));
  return rows.length > 0 && rows.every((p) => !rowGap(draft, "from", p) && !rowGap(draft, "to", p));
}
