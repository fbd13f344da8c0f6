import { AppError, problem } from "@/api/errors";
import { sum } from "@/api/fake/moves";
import type { FakeWorld } from "@/api/fake/world";
import type {
  MailboxMove,
  Move,
  MoveEvent,
  MoveForecast,
  MoveOptions,
  MoveRepeat,
  MoveSchedule,
  Problem,
  SignInResult,
} from "@/api/types";

/** What steers the moves of the made-up world: their times, their people, their time line. */
export class FakeRuns {
  events: MoveEvent[] = [];

  constructor(private readonly world: FakeWorld) {}

  forecast(id: string, options: MoveOptions): MoveForecast {
    const { mailboxes } = this.world.find(id).wire;
    const seconds = mailboxes.reduce((n, m) => n + (m.estimate?.seconds ?? 0), 0);
    const held = options.schedule.mode === "nights";
    if (seconds === 0) return { at: 0, brake: "" };
    return { at: Date.UTC(2026, 10, 23, held ? 22 : 9) + seconds * 1000, brake: held ? "hours" : "" };
  }

  setWhen(id: string, schedule: MoveSchedule, repeat: MoveRepeat): Move {
    const { wire } = this.world.find(id);
    wire.options = { ...wire.options, schedule, repeat };
    return this.world.get(id);
  }

  timeline(id: string, before: number): MoveEvent[] {
    return structuredClone(
      this.events.filter((e) => e.moveId === id && (before === 0 || e.id < before)),
    ).reverse();
  }

  /** Writes an entry of a move's time line. */
  tell(id: string, kind: MoveEvent["kind"], facts: Record<string, string> = {}, mailbox = ""): void {
    const event: MoveEvent = {
      id: this.events.length + 1,
      moveId: id,
      at: Date.UTC(2026, 10, 22, 9, 31) + this.events.length * 1000,
      kind,
      mailboxId: "",
      mailbox,
      facts,
    };
    this.events.push(event);
    this.world.emit("move:told", event);
  }

  box(id: string, ids: string[], state: MailboxMove["state"]): Move {
    const { wire } = this.world.find(id);
    for (const m of wire.mailboxes) {
      if (!ids.includes(m.id)) continue;
      Object.assign(m, { state, held: state === "paused", out: state === "left_out", problem: undefined });
      m.progress = { ...m.progress, state, problem: undefined };
    }
    sum(wire);
    return this.world.get(id);
  }

  /** Lets the first mailboxes of a move fail. */
  fail(id: string, count: number, why: Problem): void {
    for (const m of this.world.find(id).wire.mailboxes.slice(0, count)) {
      Object.assign(m, { state: "failed", problem: why });
      m.progress = { ...m.progress, state: "failed", problem: why };
    }
  }

  changePassword(id: string, mailboxId: string, side: "from" | "to"): SignInResult {
    const m = this.world.find(id).wire.mailboxes.find((b) => b.id === mailboxId);
    if (!m) throw new AppError(problem("not_found"));
    const result = this.world.signIn(m[side]);
    if (result.ok) this.box(id, [mailboxId], "queued");
    return result;
  }
}
