import { useSyncExternalStore } from "react";
import type { Client } from "@/api/client";
import { problemOf } from "@/api/errors";
import type { Problem, SignInResult } from "@/api/types";
import { changeDraft, isSelf, readDraft, type SideName } from "@/features/move/draft";
import { isBlank, rowGap } from "@/features/move/draftCheck";
import { endpointOf, isServer } from "@/features/move/draftInput";

/** The sign-ins of many people being tested; it goes on when the page is left. */
interface SignInRun {
  running: boolean;
  done: number;
  all: number;
  /** Why the rest of a side was not tried: every mailbox there would say the same. */
  halted: Partial<Record<SideName, Problem>>;
}

/** Tests at once. The program itself paces what goes to one host. */
const atOnce = 8;
/** After so many mailboxes in a row that cannot be reached, the server is down. */
const patience = 3;

let state: SignInRun = { running: false, done: 0, all: 0, halted: {} };
const listeners = new Set<() => void>();
let turn = 0;
const asked = new Set<string>();

function set(part: Partial<SignInRun>): void {
  state = { ...state, ...part };
  for (const l of listeners) l();
}

export function useSignInRun(): SignInRun {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => state,
  );
}

interface Task {
  key: string;
  name: SideName;
}

/** Everybody's sign-ins that were not found to work yet and can be tried. */
export function openTasks(only?: readonly string[]): Task[] {
  const draft = readDraft();
  const wanted = only ? new Set(only) : undefined;
  // Doubles are a matter of the table, not of the sign-in.
  const alone = { ...draft, people: [] };
  const tasks: Task[] = [];
  for (const p of draft.people) {
    if (isBlank(p) || isSelf(draft, p) || (wanted && !wanted.has(p.key))) continue;
    for (const name of ["from", "to"] as const) {
      if (!isServer(draft[name].kind) || p[name].test?.ok || p[name].test?.stopped) continue;
      const gap = rowGap(alone, name, p);
      if (!gap) tasks.push({ key: p.key, name });
    }
  }
  return tasks;
}

/** Tests all of the tasks, some at a time; passwords must be handles by now. */
export async function runSignIns(client: Client, tasks: Task[]): Promise<void> {
  const mine = ++turn;
  set({ running: true, done: 0, all: tasks.length, halted: {} });
  const results = new Results();
  const away: Record<SideName, number> = { from: 0, to: 0 };
  const queue = [...tasks];
  async function work(): Promise<void> {
    for (let task = queue.shift(); task && mine === turn; task = queue.shift()) {
      if (!state.halted[task.name]) {
        const result = await test(client, task);
        if (mine !== turn) return;
        if (result) {
          results.add(task, result);
          judge(task.name, result);
        }
      }
      set({ done: state.done + 1 });
    }
  }
  /** Some refusals are the server's, not the mailbox's. */
  function judge(name: SideName, r: SignInResult): void {
    const code = r.problem?.code;
    const unreachable = code === "unreachable" || code === "timeout";
    away[name] = unreachable ? away[name] + 1 : 0;
    const master = readDraft()[name].master && code === "unauthenticated" && r.stopped;
    if (
      r.problem &&
      (code === "untrusted_cert" || code === "rate_limited" || away[name] >= patience || master)
    ) {
      set({ halted: { ...state.halted, [name]: r.problem } });
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  results.flush();
  if (mine === turn) set({ running: false });
}

async function test(client: Client, { key, name }: Task): Promise<SignInResult | undefined> {
  const draft = readDraft();
  const person = draft.people.find((p) => p.key === key);
  if (!person) return undefined;
  const id = crypto.randomUUID();
  asked.add(id);
  try {
    return await client.endpoints.testSignIn(id, endpointOf(draft, name, person));
  } catch (e) {
    const problem = problemOf(e);
    if (problem.code === "canceled") return undefined;
    return {
      ok: false,
      problem,
      family: "",
      folders: 0,
      messages: -1,
      rtt: 0,
      writable: false,
      stopped: false,
    };
  } finally {
    asked.delete(id);
  }
}

/** Ends the tests; what is known by now stays. */
export function stopSignIns(client: Client): void {
  turn++;
  for (const id of asked) client.app.cancel(id).catch(() => undefined);
  set({ running: false });
}

/** Gathers results so that the table is drawn a few times a second, not for each. */
class Results {
  private readonly waiting = new Map<string, Partial<Record<SideName, SignInResult>>>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  add(task: Task, result: SignInResult): void {
    this.waiting.set(task.key, { ...this.waiting.get(task.key), [task.name]: result });
    this.timer ??= setTimeout(() => this.flush(), 200);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const all = new Map(this.waiting);
    this.waiting.clear();
    changeDraft((d) => ({
      people: d.people.map((p) => {
        const r = all.get(p.key);
        if (!r) return p;
        return {
          ...p,
          from: r.from ? { ...p.from, test: r.from } : p.from,
          to: r.to ? { ...p.to, test: r.to } : p.to,
        };
      }),
    }));
  }
}
