import type { MailboxMove, Problem } from "@/api/types";
import { remedyOf } from "@/components/trouble";
import { isServer } from "@/features/move/draftInput";
import { percentOf } from "@/lib/format";
import { doneOf } from "@/lib/moves";

/** What a person may want to see of an office; every mailbox is in one of them, and in "all". */
export const filters = ["all", "working", "waiting", "trouble", "left", "done", "out"] as const;
export type Filter = (typeof filters)[number];

const sortKeys = ["order", "name", "state", "share", "left"] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sort {
  key: SortKey;
  down: boolean;
}

export function nameOf(m: MailboxMove): string {
  return m.label || m.from.user || m.from.path;
}

/** Where a mailbox stands, in the words of a filter. */
function groupOf(m: MailboxMove): Exclude<Filter, "all"> {
  switch (m.state) {
    case "failed":
      return "trouble";
    case "left_behind":
      return "left";
    case "done":
      return "done";
    case "left_out":
      return "out";
    case "running":
      return "working";
    default:
      return "waiting";
  }
}

/** How many mailboxes each filter shows. */
export function countsOf(all: readonly MailboxMove[]): Record<Filter, number> {
  const counts: Record<Filter, number> = {
    all: all.length,
    working: 0,
    waiting: 0,
    trouble: 0,
    left: 0,
    done: 0,
    out: 0,
  };
  for (const m of all) counts[groupOf(m)]++;
  return counts;
}

/** The mailboxes to show, in the order that was asked for. */
export function shownOf(
  all: readonly MailboxMove[],
  filter: Filter,
  search: string,
  sort: Sort,
): readonly MailboxMove[] {
  const words = search.trim().toLowerCase();
  const found = all.filter(
    (m) => (filter === "all" || groupOf(m) === filter) && (words === "" || textOf(m).includes(words)),
  );
  if (sort.key === "order") return sort.down ? found.reverse() : found;
  const by = comparers[sort.key];
  const sign = sort.down ? -1 : 1;
  return found.sort((a, b) => sign * by(a, b) || compareText(nameOf(a), nameOf(b)));
}

function textOf(m: MailboxMove): string {
  return `${m.label} ${m.from.user} ${m.to.user} ${m.from.authz} ${m.to.authz}`.toLowerCase();
}

// A collator for each comparison would cost a hundred times as much.
const collator = new Intl.Collator(["zh-CN", "en"], { numeric: true });
const compareText = (a: string, b: string) => collator.compare(a, b);

const rank: Record<Exclude<Filter, "all">, number> = {
  trouble: 0,
  left: 1,
  working: 2,
  waiting: 3,
  done: 4,
  out: 5,
};

const comparers: Record<Exclude<SortKey, "order">, (a: MailboxMove, b: MailboxMove) => number> = {
  name: (a, b) => compareText(nameOf(a), nameOf(b)),
  state: (a, b) => rank[groupOf(a)] - rank[groupOf(b)],
  share: (a, b) => shareOf(a) - shareOf(b),
  left: (a, b) => eta(a) - eta(b),
};

/** How much of a mailbox is settled, 0 to 100; 0 before it was counted. */
export function shareOf(m: MailboxMove): number {
  const { counts } = m.progress;
  if (counts.messages === 0) return m.state === "done" ? 100 : 0;
  return percentOf(doneOf(counts), counts.messages);
}

function eta(m: MailboxMove): number {
  return m.progress.etaMs < 0 ? Number.MAX_SAFE_INTEGER : m.progress.etaMs;
}

/** What went wrong with a mailbox last and still keeps it from arriving. */
export function troubleOf(m: MailboxMove): Problem | undefined {
  return m.state === "failed" || m.state === "waiting" || m.state === "paused" ? m.problem : undefined;
}

/** Mailboxes that the same thing keeps from arriving. */
export interface Cause {
  key: string;
  problem: Problem;
  /** The side that refused: where the remedy is. */
  side: "from" | "to";
  mailboxes: MailboxMove[];
}

/** The causes that need a person, the most frequent first. */
export function causesOf(all: readonly MailboxMove[]): Cause[] {
  const byKey = new Map<string, Cause>();
  for (const m of all) {
    const problem = m.state === "failed" ? m.problem : undefined;
    if (!problem) continue;
    const side = sideOf(m, problem);
    const key = [problem.class || problem.code, problem.args.host ?? "", problem.args.why ?? "", side].join(
      "|",
    );
    const known = byKey.get(key);
    if (known) known.mailboxes.push(m);
    else byKey.set(key, { key, problem, side, mailboxes: [m] });
  }
  return [...byKey.values()].sort((a, b) => b.mailboxes.length - a.mailboxes.length);
}

/** The side that a problem is about, by what the program says or by the host. */
export function sideOf(m: MailboxMove, p: Problem): "from" | "to" {
  if (p.args.side === "to" || p.args.side === "destination") return "to";
  if (p.args.side === "from" || p.args.side === "source") return "from";
  return p.args.host !== undefined && p.args.host === m.to.host && m.to.host !== m.from.host ? "to" : "from";
}

/** Whether a mailbox waits for its person, who moves it by an invitation. */
export function waitsForPerson(m: MailboxMove): boolean {
  return m.self === true && m.state !== "done" && m.state !== "left_out" && m.state !== "left_behind";
}

export type NextStep = "pause" | "goOn" | "again" | "password" | "back" | "invite";

/** What the person would most likely do with a mailbox now; undefined: nothing. */
export function nextStep(m: MailboxMove): NextStep | undefined {
  // The office's runs leave such a mailbox out, so nothing else would help.
  if (m.self && m.state !== "done" && m.state !== "left_out") return "invite";
  switch (m.state) {
    case "failed":
      return m.problem && remedyOf(m.problem) === "fixSignIn" && canSignIn(m) ? "password" : "again";
    case "left_behind":
      return "again";
    case "left_out":
      return "back";
    case "paused":
    case "canceled":
      return "goOn";
    case "running":
    case "queued":
    case "waiting":
      return "pause";
    default:
      return undefined;
  }
}

function canSignIn(m: MailboxMove): boolean {
  return isServer(m.from.kind) || isServer(m.to.kind);
}
