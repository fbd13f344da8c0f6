import type { Counts, MailboxState, MoveState } from "@/api/types";

/** Messages whose fate is settled. */
export function doneOf(c: Counts): number {
  return c.copied + c.alreadyThere + c.excluded + c.leftBehind;
}

const working: readonly MoveState[] = [
  "planning",
  "queued",
  "running",
  "waiting",
  "scheduled",
  "pausing",
  "verifying",
  "undoing",
];

/** Whether the program works on a move in this state now. */
export function isWorking(state: MoveState): boolean {
  return working.includes(state);
}

/** Whether a move has run at least once, so that figures and results exist. */
export function hasRun(state: MoveState): boolean {
  return state !== "draft" && state !== "planning" && state !== "planned";
}

export type Tone = "calm" | "busy" | "good" | "warn" | "bad";

/** How a state is coloured. */
export function toneOf(state: MoveState | MailboxState): Tone {
  switch (state) {
    case "done":
      return "good";
    case "left_behind":
    case "waiting":
    case "interrupted":
      return "warn";
    case "failed":
      return "bad";
    case "planning":
    case "running":
    case "pausing":
    case "verifying":
    case "undoing":
      return "busy";
    default:
      return "calm";
  }
}
