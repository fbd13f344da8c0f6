import { canInvite, changeDraft, type Draft, type Person } from "@/features/move/draft";
import { hasPassword, isBlank, oneForEach } from "@/features/move/draftCheck";

/** Says of some people whether they move by themselves. */
export function setSelf(keys: readonly string[], self: boolean): void {
  const chosen = new Set(keys);
  changeDraft((d) => ({
    people: d.people.map((p) =>
      chosen.has(p.key)
        ? { ...p, self, from: { ...p.from, test: undefined }, to: { ...p.to, test: undefined } }
        : p,
    ),
  }));
}

/** Those who lack a password and could enter it themselves. */
export function withoutPassword(draft: Draft): Person[] {
  if (!canInvite(draft)) return [];
  return draft.people.filter(
    (p) =>
      !p.self &&
      !isBlank(p) &&
      (["from", "to"] as const).some((name) => {
        const secret = p[name].password.handle || p[name].ready?.secret;
        return oneForEach(draft[name]) && !secret && !hasPassword(p[name].password);
      }),
  );
}
