import type { LookupVerdict } from "@/api/records";

/** What to do after an answer: a text, and a page of the house that helps. */
interface Step {
  text:
    | "junk"
    | "found"
    | "restore"
    | "release"
    | "refused"
    | "bounced"
    | "wait"
    | "strange"
    | "guess"
    | "gap"
    | "nolog"
    | "yet"
    | "files"
    | "elsewhere"
    | "nothing"
    | "time"
    | "narrow"
    | "figures"
    | "sizes"
    | "none";
  path?: string;
  go?: "sources" | "bounce" | "header" | "unusual" | "letter" | "people" | "stats";
}

const junk: Step = { text: "junk", path: "/doctor/header", go: "header" };
const restore: Step = { text: "restore" };
const bounced: Step = { text: "bounced", path: "/doctor/bounce", go: "bounce" };

const figures: Step = { text: "figures", path: "/records/stats", go: "stats" };

const steps: Partial<Record<LookupVerdict, Step>> = {
  arrived_junk: junk,
  arrived_folder: { text: "found" },
  arrived_moved: { text: "found" },
  moved: { text: "found" },
  arrived_trashed: restore,
  arrived_deleted: restore,
  trashed: restore,
  deleted: restore,
  held: { text: "release" },
  blocked: { text: "refused" },
  bounced,
  failed: bounced,
  pending: { text: "wait" },
  signed_in_untold: { text: "strange", path: "/records/unusual", go: "unusual" },
  signed_in: { text: "strange", path: "/records/unusual", go: "unusual" },
  refusals: { text: "guess", path: "/people", go: "people" },
  only_refused: { text: "guess", path: "/people", go: "people" },
  no_trace: { text: "nothing", path: "/doctor/letter", go: "letter" },
  no_trace_gap: { text: "gap", path: "/records/sources", go: "sources" },
  no_trace_yet: { text: "yet", path: "/records/sources", go: "sources" },
  not_read_yet: { text: "yet", path: "/records/sources", go: "sources" },
  no_trace_files: { text: "files", path: "/records/sources", go: "sources" },
  not_in_files: { text: "files", path: "/records/sources", go: "sources" },
  no_trace_nolog: { text: "nolog", path: "/records/sources", go: "sources" },
  no_trace_half: { text: "elsewhere" },
  no_such_log: { text: "elsewhere" },
  no_sizes: { text: "sizes" },
  other_time: { text: "time" },
  that_time: { text: "narrow" },
  counted: figures,
  counted_in: figures,
  counted_sent: figures,
  most_sent: figures,
  most_received: figures,
};

/** What to do after a verdict; a mail that left no trace never came, an act was never done. */
export function stepOf(verdict: LookupVerdict, about: string): Step | undefined {
  if (verdict === "no_trace" && about !== "mail" && about !== "") return { text: "none" };
  return steps[verdict];
}

/** How an answer looks. "Nothing, and that is sure" is calm; "we cannot know" is not. */
export function toneOfVerdict(verdict: LookupVerdict): "good" | "warn" | "bad" | "calm" {
  switch (verdict) {
    case "arrived":
    case "arrived_folder":
    case "sent":
    case "signed_in":
    case "signed_in_untold":
      return "good";
    case "blocked":
    case "bounced":
    case "failed":
    case "only_refused":
    case "refusals":
      return "bad";
    case "arrived_junk":
    case "held":
    case "pending":
    case "no_trace_gap":
    case "no_trace_nolog":
    case "no_trace_files":
    case "not_in_files":
    case "not_read_yet":
    case "no_trace_half":
    case "no_such_log":
    case "no_sizes":
      return "warn";
  }
  return "calm";
}
