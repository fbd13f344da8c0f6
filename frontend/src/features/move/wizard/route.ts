import { type Draft, type Step, setDraft, steps } from "@/features/move/draft";

/** Where a step of a draft is shown. */
export function pathOf(id: string, step: Step): string {
  return `/move/draft/${id}/${step}`;
}

export function stepNamed(name: string | undefined): Step {
  return steps.find((s) => s === name) ?? "from";
}

/** Begins with a draft under a name of its own and returns where it is shown. */
export function beginDraft(draft: Draft): string {
  const id = draft.id || crypto.randomUUID();
  setDraft({ ...draft, id });
  return pathOf(id, draft.step);
}
