import { makeFolders } from "@/api/fake/office";
import type {
  Counts,
  MailboxMove,
  MailboxProgress,
  Move,
  MoveCan,
  MoveDraftInput,
  MoveFolder,
  MoveState,
} from "@/api/types";

const noCounts: Counts = { messages: 0, copied: 0, alreadyThere: 0, excluded: 0, leftBehind: 0, pending: 0 };

/** A move of the made-up world: the wire value, and what only the program knows. */
export interface FakeMove {
  wire: Move;
  folders: Map<string, MoveFolder[]>;
  /** The folder maps without the person's choices. */
  proposals: Map<string, MoveFolder[]>;
}

export function canOf(state: MoveState, copied: number): MoveCan {
  const idle = ["draft", "planned", "undone", "done", "left_behind", "failed", "canceled"].includes(state);
  const stopped = state === "paused" || state === "interrupted";
  const ended = ["done", "left_behind", "failed", "canceled"].includes(state);
  return {
    edit: state === "draft" || state === "planned",
    plan: state === "draft" || state === "planned",
    start: state === "planned" || ended || state === "undone",
    pause: state === "running" || state === "waiting",
    goOn: stopped || state === "failed",
    cancel: !idle,
    retry: state === "left_behind",
    verify: ended && copied > 0,
    undo: ended && copied > 0,
    remove: idle || stopped,
    certificate: ended || state === "undone",
  };
}

export function makeMove(
  id: string,
  input: MoveDraftInput,
  now: number,
  sizeOf: (user: string) => number,
): FakeMove {
  const mailboxes = input.mailboxes.map((m, i): MailboxMove => {
    const mailboxId = `${id}-${i + 1}`;
    return {
      id: mailboxId,
      label: m.label,
      from: m.from,
      to: m.to,
      state: "idle",
      held: false,
      out: false,
      ...(m.self && { self: true }),
      progress: progressOf(mailboxId),
      verified: "none",
      differences: 0,
      notes: [],
      troubles: [],
    };
  });
  const wire: Move = {
    id,
    name: input.name,
    practice: input.mailboxes.every((m) => m.from.kind === "practice" && m.to.kind === "practice"),
    state: "draft",
    planned: false,
    created: now,
    started: 0,
    ended: 0,
    stored: 0,
    progress: {
      seq: 0,
      moveId: id,
      state: "draft",
      counts: noCounts,
      bytesDone: 0,
      bytesTotal: 0,
      perSecond: 0,
      bytesRate: 0,
      etaMs: -1,
      away: "",
      awayHost: "",
      mailboxes: mailboxes.map((m) => m.progress),
    },
    finish: { at: 0, brake: "" },
    next: 0,
    hold: "",
    runs: 0,
    whole: 0,
    options: input.options,
    mailboxes,
    can: canOf("draft", 0),
  };
  const folders = new Map(mailboxes.map((m) => [m.id, makeFolders(sizeOf(m.from.user))] as const));
  return { wire, folders, proposals: structuredClone(folders) };
}

function progressOf(mailboxId: string): MailboxProgress {
  return {
    mailboxId,
    state: "idle",
    phase: "",
    folder: "",
    counts: noCounts,
    bytesDone: 0,
    bytesTotal: 0,
    flagsSet: 0,
    verified: 0,
    waitUntil: 0,
    waitClass: "",
    perSecond: 0,
    bytesRate: 0,
    etaMs: -1,
  };
}

/** The dry run's outcome: every mailbox with its estimate, or why it has none. */
export function planned(move: FakeMove): void {
  for (const m of move.wire.mailboxes) {
    if (m.self) continue;
    if (m.from.user.startsWith("wrong")) {
      m.problem = {
        code: "unauthenticated",
        class: "needs-app-password",
        args: { host: m.from.host, user: m.from.user },
        server: "LOGIN Login error password error",
      };
      continue;
    }
    const folders = move.folders.get(m.id) ?? [];
    const messages = folders.reduce((n, f) => n + f.counts.messages, 0);
    const bytes = messages * 41_300;
    const big = m.from.user.startsWith("zhang.wei") ? 2 : 0;
    m.estimate = {
      folders: folders.length,
      messages,
      bytes,
      toCopy: messages,
      toCopyBytes: bytes,
      already: 0,
      willLeave: big,
      roomNeeded: bytes,
      roomFree: -1,
      maxMessage: big > 0 ? 52_428_800 : -1,
      seconds: Math.ceil(messages / 40),
      days: 0,
      warnings: [],
    };
    m.progress = { ...m.progress, counts: { ...noCounts, messages, pending: messages }, bytesTotal: bytes };
  }
  move.wire.planned = true;
  sum(move.wire);
}

/** Brings a running move a step further; true when it has ended. */
export function step(move: FakeMove, messages: number): boolean {
  const { wire } = move;
  let active = 0;
  for (const m of wire.mailboxes) {
    if (m.self || m.problem || m.state === "done" || m.state === "left_behind") continue;
    if (active === 2) {
      m.state = "queued";
      m.progress = { ...m.progress, state: "queued" };
      continue;
    }
    active++;
    advance(move, m, messages);
  }
  sum(wire);
  return wire.mailboxes.every((m) => m.self || m.problem || m.state === "done" || m.state === "left_behind");
}

function advance(move: FakeMove, m: MailboxMove, messages: number): void {
  const c = m.progress.counts;
  const left = Math.min(c.pending, m.estimate?.willLeave ?? 0);
  const now = Math.min(messages, c.pending - left);
  const ended = c.pending - now === left;
  const counts = {
    ...c,
    copied: c.copied + now,
    pending: ended ? 0 : c.pending - now,
    leftBehind: c.leftBehind + (ended ? left : 0),
  };
  const folders = move.folders.get(m.id) ?? [];
  fill(folders, counts);
  m.state = ended ? (counts.leftBehind > 0 ? "left_behind" : "done") : "running";
  if (ended) m.verified = move.wire.options.verify;
  m.progress = {
    ...m.progress,
    state: m.state,
    phase: ended ? "done" : "copying",
    folder: ended ? "" : (folders.find((f) => f.counts.pending > 0)?.source ?? ""),
    counts,
    bytesDone: counts.copied * 41_300,
  };
}

function fill(folders: MoveFolder[], c: Counts): void {
  let copied = c.copied;
  for (const f of folders) {
    const take = Math.min(copied, f.counts.messages);
    const rest = f.counts.messages - take;
    f.counts = {
      ...f.counts,
      copied: take,
      pending: c.pending > 0 ? rest : 0,
      leftBehind: c.pending > 0 ? 0 : rest,
    };
    copied -= take;
  }
}

/** Adds the mailboxes up into the move's own figures. */
export function sum(move: Move): void {
  const counts = { ...noCounts };
  for (const m of move.mailboxes) {
    for (const key of Object.keys(counts) as (keyof Counts)[]) counts[key] += m.progress.counts[key];
  }
  move.progress = {
    ...move.progress,
    state: move.state,
    counts,
    bytesDone: move.mailboxes.reduce((n, m) => n + m.progress.bytesDone, 0),
    bytesTotal: move.mailboxes.reduce((n, m) => n + m.progress.bytesTotal, 0),
    mailboxes: move.mailboxes.map((m) => m.progress),
  };
  move.stored = counts.copied;
  move.can = canOf(move.state, counts.copied);
}
