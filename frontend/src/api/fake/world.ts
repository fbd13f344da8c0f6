import { AppError, problem } from "@/api/errors";
import { canOf, type FakeMove, makeMove, planned, step, sum } from "@/api/fake/moves";
import { makeOffice } from "@/api/fake/office";
import { FakeRuns } from "@/api/fake/runs";
import { FakeSignIns } from "@/api/fake/signIns";
import { FakeSwitches } from "@/api/fake/switchover";
import { FakeDrafts, fakeGroups, withRules } from "@/api/fake/wizard";
import type {
  CardOrder,
  CertificateOrder,
  CertificateSaved,
  Endpoint,
  Events,
  FolderChoice,
  FolderGroup,
  FolderRule,
  LeftPage,
  Move,
  MoveDraftInput,
  MoveFolder,
  MoveState,
  PeopleList,
  PeopleSource,
  Settings,
  SignInResult,
  Startup,
  UndoPreview,
  VerifyLevel,
} from "@/api/types";

type Listener = (payload: never) => void;

/** What the made-up program knows. Everything that leaves it is a copy. */
export class FakeWorld {
  readonly office = makeOffice();
  readonly drafts = new FakeDrafts();
  readonly signIns = new FakeSignIns();
  startup: Startup = { ready: true };
  settings: Settings = { language: "", theme: "system", resume: "scheduled", quiet: false };
  picked = "/home/li/people.csv";
  list1: PeopleList | undefined;
  asked = 0;
  quit = false;
  messagesPerTick = 23;
  notices: string[] = [];
  mails: { to: string[]; subject: string; text: string }[] = [];
  readonly runs = new FakeRuns(this);
  readonly switches = new FakeSwitches();
  kept: string[] = [];
  /** Addresses whose provider was looked up. */
  lookedUp: string[] = [];
  /** Users whose steps at the provider were said to be done. */
  stepsDone: string[] = [];
  cardOrders: CardOrder[] = [];
  private refused = new Map<string, number>();
  private moves: FakeMove[] = [];
  private listeners = new Map<string, Set<Listener>>();
  private seq = 0;

  on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => void): () => void {
    const all = this.listeners.get(name) ?? new Set<Listener>();
    all.add(listener as Listener);
    this.listeners.set(name, all);
    return () => all.delete(listener as Listener);
  }

  emit<K extends keyof Events>(name: K, payload: Events[K]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(copy(payload) as never);
  }

  keep(password: string): string {
    this.kept.push(password);
    return `handle-${this.kept.length}`;
  }

  signIn(e: Endpoint): SignInResult {
    const bad: SignInResult = {
      ok: false,
      family: "",
      folders: 0,
      messages: -1,
      rtt: 0,
      writable: false,
      stopped: false,
    };
    if (e.host.startsWith("self-signed") && !e.pin) {
      return {
        ...bad,
        problem: problem("untrusted_cert", { host: e.host, why: "unknown_authority" }),
        certificate: {
          subject: `CN=${e.host}`,
          issuer: `CN=${e.host}`,
          notAfter: Date.UTC(2028, 0, 1),
          sha256: "3f".repeat(32),
          reason: "unknown_authority",
        },
      };
    }
    if (e.host.startsWith("missing")) {
      return { ...bad, problem: problem("unreachable", { host: e.host, why: "no_such_host" }) };
    }
    if (e.user.startsWith("wrong")) {
      const tries = (this.refused.get(e.user) ?? 0) + 1;
      this.refused.set(e.user, tries);
      return {
        ...bad,
        stopped: tries > 2,
        problem: problem(
          "unauthenticated",
          { host: e.host, user: e.user },
          "needs-app-password",
          "LOGIN Login error password error",
        ),
      };
    }
    return {
      ok: true,
      family: "dovecot",
      folders: 9,
      messages: 412,
      rtt: 23,
      writable: true,
      stopped: false,
    };
  }

  people({ path, text }: PeopleSource): PeopleList {
    const none: PeopleList = {
      path,
      encoding: "gb18030",
      rows: [],
      problems: [],
      ignored: [],
      sheets: [],
      sheet: "",
      hidden: 0,
      formula: "",
      empty: "",
      merged: [],
      guessed: false,
    };
    if (path) return this.list1 ?? none;
    const lines = text.split(/\r?\n/).filter((line) => /[@＠]/.test(line));
    const rows = lines.map((line, i) => {
      const cells = line.split("\t");
      const [name, fromUser = "", fromWord = "", toUser = "", toWord = ""] = /[@＠]/.test(cells[0] ?? "")
        ? ["", ...cells]
        : cells;
      const secret = (word: string) => (word ? this.keep(word) : "");
      return {
        row: i + 1,
        name: name ?? "",
        fromUser,
        fromSecret: secret(fromWord),
        toUser,
        toSecret: secret(toWord),
      };
    });
    return { ...none, rows, guessed: true };
  }

  groups(id: string): FolderGroup[] {
    const { folders, wire } = this.find(id);
    return copy(fakeGroups([...folders.values()], wire.options.folderRules));
  }

  rule(id: string, rules: FolderRule[]): FolderGroup[] {
    const move = this.find(id);
    move.wire.options = { ...move.wire.options, folderRules: copy(rules) };
    for (const [box, proposal] of move.proposals) {
      const own = (move.folders.get(box) ?? []).filter((f) => f.own);
      const ruled = withRules(proposal, rules);
      move.folders.set(
        box,
        ruled.map((f) => own.find((o) => o.sourceId === f.sourceId) ?? f),
      );
    }
    return this.groups(id);
  }

  wont(id: string): LeftPage {
    const rows = this.find(id).wire.mailboxes.flatMap((m) =>
      Array.from({ length: m.estimate?.willLeave ?? 0 }, (_, i) => ({
        mailboxId: m.id,
        mailbox: m.label,
        folder: "客户/华东",
        uid: 100 + i,
        date: Date.UTC(2025, 3, 9 + i),
        from: "",
        subject: "",
        size: 63_000_000 + i,
        class: "too-big",
        server: "",
      })),
    );
    return { total: rows.length, rows };
  }

  list(): Move[] {
    return this.moves.map((m) => copy(m.wire)).reverse();
  }

  get(id: string): Move {
    return copy(this.find(id).wire);
  }

  create(draft: MoveDraftInput): Move {
    const same = draft.mailboxes.findIndex(
      (m) => m.from.kind === "imap" && m.from.host === m.to.host && m.from.user === m.to.user,
    );
    if (same >= 0) throw new AppError(problem("invalid", { row: String(same + 1), reason: "same_mailbox" }));
    const move = makeMove(`m${this.moves.length + 1}`, draft, Date.UTC(2026, 10, 22, 9, 30), (user) =>
      this.sizeOf(user),
    );
    this.moves.push(move);
    return this.get(move.wire.id);
  }

  edit(id: string, draft: MoveDraftInput): Move {
    const move = this.find(id);
    const { state, planned: wasPlanned, mailboxes } = move.wire;
    const fresh = makeMove(id, draft, move.wire.created, (user) => this.sizeOf(user));
    Object.assign(move.wire, fresh.wire, { state, planned: wasPlanned, can: move.wire.can });
    if (mailboxes.length === move.wire.mailboxes.length) move.wire.mailboxes = mailboxes;
    sum(move.wire);
    return this.get(id);
  }

  plan(id: string): Move {
    return this.to(id, "planning");
  }

  folders(id: string, mailboxId: string): MoveFolder[] {
    return copy(this.find(id).folders.get(mailboxId) ?? []);
  }

  choose(id: string, mailboxId: string, choices: FolderChoice[]): MoveFolder[] {
    const move = this.find(id);
    const byId = new Map(choices.map((c) => [c.sourceId, c] as const));
    const proposal = copy(move.proposals.get(mailboxId) ?? []);
    for (const f of proposal) {
      const c = byId.get(f.sourceId);
      if (!c) continue;
      f.chosen = true;
      f.own = true;
      if (c.skip) Object.assign(f, { action: "skip", target: "", reason: "by-request" });
      else
        Object.assign(f, {
          action: "copy",
          target: c.target || f.target,
          reason: "",
          changes: ["by-request"],
        });
    }
    move.folders.set(mailboxId, proposal);
    return this.folders(id, mailboxId);
  }

  to(id: string, state: MoveState): Move {
    const { wire } = this.find(id);
    wire.state = state;
    if (state === "running" && wire.started === 0) wire.started = wire.created + 60_000;
    if (["done", "left_behind", "canceled"].includes(state)) wire.ended = wire.started + 95_000;
    wire.can = canOf(state, wire.progress.counts.copied);
    wire.progress = { ...wire.progress, state, seq: ++this.seq };
    this.emit("move:changed", { seq: ++this.seq, moveId: id, state });
    return this.get(id);
  }

  verify(id: string, level: VerifyLevel): Move {
    for (const m of this.find(id).wire.mailboxes) m.verified = level;
    return this.get(id);
  }

  undoPreview(id: string): UndoPreview {
    const { copied } = this.find(id).wire.progress.counts;
    return { stored: copied, present: copied, gone: 0, touched: 0, read: 0, folders: [], unknown: [] };
  }

  undo(id: string, stored: number): Move {
    const { wire } = this.find(id);
    if (stored !== wire.progress.counts.copied) throw new AppError(problem("conflict"));
    for (const m of wire.mailboxes) {
      const { messages } = m.progress.counts;
      const counts = { messages, copied: 0, alreadyThere: 0, excluded: 0, leftBehind: 0, pending: messages };
      m.progress = { ...m.progress, counts };
    }
    sum(wire);
    wire.undid = { deleted: stored, kept: 0 };
    return this.to(id, "undone");
  }

  remove(id: string): void {
    this.moves = this.moves.filter((m) => m.wire.id !== id);
    this.emit("move:removed", { moveId: id });
  }

  left(id: string): LeftPage {
    const rows = this.find(id).wire.mailboxes.flatMap((m) =>
      Array.from({ length: m.progress.counts.leftBehind }, (_, i) => ({
        mailboxId: m.id,
        mailbox: m.label,
        folder: "客户/华东",
        uid: 100 + i,
        date: Date.UTC(2025, 3, 9 + i),
        from: "sales@customer.example",
        subject: i % 2 ? "Drawings, final" : "展会图纸（原图）",
        size: 63_000_000 + i,
        class: "too-big",
        server: "[TOOBIG] Message exceeds maximum fixed size",
      })),
    );
    return { total: rows.length, rows };
  }

  saveCertificate(order: CertificateOrder): CertificateSaved {
    const { wire } = this.find(order.moveId);
    return {
      path: order.perPerson ? "/home/li/certificates" : `/home/li/move.${order.format}`,
      files: order.perPerson ? wire.mailboxes.length : 1,
      left: order.left ? wire.progress.counts.leftBehind : 0,
      missing: [],
      check: order.perPerson ? "" : "9F3A-22C1-04DE-77A1",
    };
  }

  /** Lets a moment pass: dry runs end, running moves get on. */
  tick(): void {
    for (const move of this.moves) {
      const { wire } = move;
      if (wire.state === "planning") {
        planned(move);
        this.to(wire.id, "planned");
      } else if (wire.state === "running") {
        const ended = step(move, this.messagesPerTick);
        const rate = this.messagesPerTick * 8;
        const { counts } = wire.progress;
        wire.progress = {
          ...wire.progress,
          seq: ++this.seq,
          perSecond: rate,
          bytesRate: rate * 41_300,
          etaMs: (counts.pending / rate) * 1000,
        };
        this.emit("move:progress", wire.progress);
        if (ended) this.to(wire.id, counts.leftBehind > 0 ? "left_behind" : "done");
      }
    }
  }

  find(id: string): FakeMove {
    const move = this.moves.find((m) => m.wire.id === id);
    if (!move) throw new AppError(problem("not_found"));
    return move;
  }

  private sizeOf(user: string): number {
    return this.office.people.find((p) => p.address === user)?.messages ?? 300;
  }
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
