import { type Draft, type Step, steps } from "@/features/move/draft";
import { isBlank, sideGap } from "@/features/move/draftCheck";

/** The step that can be shown: the wanted one, or the first before it that lacks something. */
export function firstOpen(draft: Draft, wanted: Step): Step {
  const lacks: Record<Step, boolean> = {
    from: sideGap(draft.from) !== undefined,
    to: sideGap(draft.to) !== undefined,
    people: draft.moveId === "",
    folders: false,
    check: false,
    when: false,
  };
  const before = steps.slice(0, steps.indexOf(wanted));
  return before.find((s) => lacks[s]) ?? wanted;
}

/** How many people the draft holds. */
export function peopleIn(draft: Draft): number {
  return draft.people.filter((p) => !isBlank(p)).length;
}
