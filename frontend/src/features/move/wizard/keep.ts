import type { WizardDraft } from "@/api/types";
import { type Draft, emptyDraft, emptySide, type Person, steps } from "@/features/move/draft";
import { isBlank } from "@/features/move/draftCheck";
import { isArchive } from "@/features/move/draftInput";
import { noPassword, type Password } from "@/lib/password";

/** What the program keeps of a draft. Typed passwords stay behind: only handles go. */
export function keptOf(draft: Draft): WizardDraft {
  const handles = new Set<string>();
  const bare = (p: Password): Password => {
    if (p.handle) handles.add(p.handle);
    return { typed: "", handle: p.handle };
  };
  const side = (s: Draft["from"]) => ({ ...s, masterKey: bare(s.masterKey) });
  const own = (s: Person["from"], self = false) => ({ ...s, password: self ? noPassword : bare(s.password) });
  const document = {
    ...draft,
    from: side(draft.from),
    to: side(draft.to),
    // Whoever is invited types the passwords elsewhere: the office keeps none.
    people: draft.people.map((p) => ({ ...p, from: own(p.from, p.self), to: own(p.to, p.self) })),
  };
  for (const p of draft.people) {
    for (const e of [p.from.ready, p.to.ready]) if (e?.secret) handles.add(e.secret);
  }
  return {
    head: {
      id: draft.id,
      moveId: draft.moveId,
      step: steps.indexOf(draft.step) + 1,
      steps: steps.length,
      title: titleOf(draft),
      people: draft.people.filter((p) => !isBlank(p)).length,
      updated: 0,
    },
    handles: [...handles],
    document: JSON.stringify(document),
  };
}

/** The draft that was kept. What an older version did not know gets its usual value. */
export function draftFrom(kept: WizardDraft): Draft {
  const read = JSON.parse(kept.document) as Partial<Draft>;
  const usual = emptyDraft();
  const side = (s: Partial<Draft["from"]> | undefined) => ({
    ...emptySide(),
    ...s,
    masterKey: s?.masterKey ?? noPassword,
  });
  return {
    ...usual,
    ...read,
    id: kept.head.id,
    step: steps.find((s) => s === read.step) ?? "from",
    from: side(read.from),
    to: side(read.to),
    people: read.people ?? [],
    options: { ...usual.options, ...read.options },
  };
}

/** What a list calls a draft; "practice" for the practice office, "" where nothing is known. */
export function titleOf(draft: Draft): string {
  if (draft.from.kind === "practice" && draft.to.kind === "practice") return "practice";
  const names = [draft.from, draft.to].map((s, i) => {
    if (isArchive(s.kind)) return s.path.split(/[\\/]/).filter(Boolean).pop() ?? "";
    const user = draft.people[0]?.[i === 0 ? "from" : "to"].user ?? "";
    return user.split("@")[1] ?? s.host;
  });
  return names.filter(Boolean).join(" → ");
}

/** What a dry run depends on; another mark means that it has to look again. */
export function planMark(draft: Draft): string {
  const { from, to, options } = draft;
  const { include, exclude, folderRules, excludeDeleted, since, before, connections } = options;
  const place = ({ masterKey, ...s }: Draft["from"]) => ({ ...s, key: masterKey.handle });
  const people = draft.people
    .filter((p) => !isBlank(p))
    .map((p) => [
      p.from.user,
      p.from.password.handle,
      p.from.path,
      p.to.user,
      p.to.password.handle,
      p.to.path,
      ...(p.self ? ["self"] : []),
    ]);
  return digest(
    JSON.stringify([
      place(from),
      place(to),
      people,
      include,
      exclude,
      folderRules,
      excludeDeleted,
      connections,
      ...(since || before ? [since, before] : []),
    ]),
  );
}

/** A short number for a long text; equal texts have equal ones. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1000193;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  return `${text.length}.${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
