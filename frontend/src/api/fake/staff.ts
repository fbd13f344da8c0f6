import { AppError, problem } from "@/api/errors";
import { makers } from "@/api/fake/makers";
import { emptyDirectory, fakeOffices } from "@/api/fake/offices";
import type {
  ChangePlan,
  ChangeRun,
  ChangeStep,
  DirectorySnapshot,
  DirectoryState,
  OfficeCapabilities,
  OfficeChange,
  OfficeInfo,
  OfficePerson,
} from "@/api/offices";
import type { IntakeResult, StaffClient } from "@/api/staff";

type Clients = ReturnType<typeof fakeOffices> & StaffClient;

/** Staff of a program without an office. */
export function fakeStaff(): StaffClient {
  return {
    intake: {
      pick: async () => "",
      saveTemplate: async (_o, _l, format) => `/home/li/new-people.${format}`,
      read: async (): Promise<IntakeResult> => {
        throw new AppError(problem("not_found"));
      },
      preview: async () => {
        throw new AppError(problem("not_found"));
      },
    },
    staff: {
      propose: async () => [],
      checkPassword: async (_o, password) => ({
        password: "",
        broken: password.length < 8 ? ["too_short"] : [],
      }),
      makePassword: async () => ({ password: "Made-pass-2k4", broken: [] }),
      saveRows: async (table, format) => `/home/li/${table.name}.${format}`,
      saveRun: async (paper) => `/home/li/${paper.run}.${paper.format}`,
    },
  };
}

/** One office in memory that takes changes at once. Tests set what they need. */
export class FakeOffice {
  info: OfficeInfo = {
    id: "o1",
    name: "",
    title: "office.example",
    provider: "tencent",
    domain: "office.example",
    values: {},
    secrets: [],
    baseUrl: "",
    readOnly: false,
    current: true,
    added: 1,
    missing: false,
  };
  directory: DirectorySnapshot = {
    ...emptyDirectory("o1"),
    refreshed: 1_790_000_000_000,
    domains: [{ name: "office.example", alias: false, off: false, remark: "" }],
  };
  /** What it cannot do, with the reason. */
  cannot: Record<string, "not_in_api" | "needs_key" | "read_only"> = {};
  /** The main address is always a new one. */
  primaryNew = false;
  /** How far a reading of the directory is. */
  reading: Partial<DirectoryState> = {};
  sent: OfficeChange[] = [];
  /** Addresses that the provider refuses. */
  refuses: string[] = [];
  typed = "";
  intake: IntakeResult | undefined;
  private plans = new Map<string, { changes: OfficeChange[]; plan: ChangePlan }>();
  private runs: ChangeRun[] = [];
  private steps = new Map<string, ChangeStep[]>();

  capabilities(): OfficeCapabilities {
    const all = [
      "people.read",
      "people.create",
      "people.edit",
      "people.delete",
      "people.deleteKeeping",
      "people.suspend",
      "people.aliases",
      "people.password",
      "people.forward",
      "people.mailRights",
      "people.signInLink",
      "people.hide",
      "people.primary",
      "people.hideAddresses",
    ];
    const rest = [
      "people.restore",
      "people.unread",
      "departments.read",
      "departments.edit",
      "lists.read",
      "lists.edit",
    ];
    const attrs = [
      "name",
      "departments",
      "title",
      "mobile",
      "phone",
      "staffNo",
      "gender",
      "remark",
      "password",
      "mustChange",
      "quota",
    ];
    return {
      support: [...all, ...rest].map((capability) => ({
        capability,
        can: !(capability in this.cannot),
        local: false,
        why: this.cannot[capability] ?? "",
        key: this.cannot[capability] === "needs_key" ? "signInSecret" : "",
        console: capability in this.cannot ? "https://exmail.qq.com/" : "",
      })),
      create: attrs,
      change: attrs,
      department: ["name", "parent"],
      manyDepartments: true,
      keeps: ["attach", "forward"],
      maxAliases: 5,
      primaryNew: this.primaryNew,
      lists: {
        policies: [],
        outside: true,
        nested: false,
        departments: false,
        hidden: false,
        off: false,
        rename: true,
        nameless: false,
        remark: true,
        maxMembers: 0,
      },
      password: {
        min: 8,
        max: 0,
        letters: false,
        digits: false,
        cases: false,
        symbols: false,
        kinds: 0,
        noAddress: false,
        noRuns: 0,
        opaque: false,
      },
      signInWays: [],
    };
  }

  preview(changes: OfficeChange[], undoes = ""): ChangePlan {
    const steps = changes.map((c, i): ChangeStep => {
      const refused = this.refuses.includes(c.label);
      return {
        number: i + 1,
        kind: c.kind as ChangeStep["kind"],
        target: c.target,
        label: c.label,
        row: c.row,
        diffs: diffsOf(
          c,
          this.directory.people.find((p) => p.id === c.target),
        ),
        danger: c.kind.startsWith("person.delete") ? "typed" : "none",
        undoable: c.kind !== "person.delete",
        stays: [],
        lists: [],
        listsStay: false,
        keepsBack: c.kind === "person.delete" ? "not_at_provider" : "",
        ...(refused && {
          refusal: {
            code: "conflict" as const,
            attr: "address",
            why: "" as const,
            key: "",
            console: "",
            args: { reason: "changed" },
            clash: [
              { attr: "title", part: "", before: ["Clerk"], after: ["Boss"], secret: false, untold: false },
            ],
          },
        }),
      };
    });
    const ready = steps.filter((s) => !s.refusal).length;
    const deletes = steps.filter((s) => s.danger === "typed");
    const plan: ChangePlan = {
      id: `plan${this.plans.size + 1}`,
      office: this.info.id,
      made: 1,
      steps,
      danger: deletes.length > 0 ? "typed" : "none",
      typed:
        deletes.length === 1 ? (deletes[0]?.label ?? "") : deletes.length > 1 ? String(deletes.length) : "",
      ready,
      refused: steps.length - ready,
      undoes,
    };
    this.plans.set(plan.id, { changes, plan });
    return plan;
  }

  private apply(id: string, typed: string): ChangeRun {
    const known = this.plans.get(id);
    if (!known) throw new AppError(problem("not_found"));
    this.typed = typed;
    const { plan, changes } = known;
    this.sent.push(...changes.filter((_, i) => !plan.steps[i]?.refusal));
    for (const c of changes) this.take(c);
    this.directory = { ...this.directory, seq: this.directory.seq + 1 };
    const run: ChangeRun = {
      id: `run${this.runs.length + 1}`,
      seq: this.runs.length + 1,
      office: this.info.id,
      title: this.info.title,
      started: 1_790_000_000_000,
      ended: 1_790_000_001_000,
      state: plan.refused > 0 ? "partly" : "done",
      total: plan.steps.length,
      done: plan.ready,
      failed: plan.refused,
      undoes: plan.undoes,
      undone: "",
      canUndo: plan.steps.filter((s) => s.undoable && !s.refusal).length,
      kinds: [{ kind: plan.steps[0]?.kind ?? "person.update", n: plan.steps.length }],
    };
    this.runs.unshift(run);
    this.steps.set(run.id, plan.steps);
    return run;
  }

  private take(c: OfficeChange): void {
    const edit = (part: (p: OfficePerson) => Partial<OfficePerson>) => {
      this.directory.people = this.directory.people.map((p) =>
        p.id === c.target ? { ...p, ...part(p) } : p,
      );
    };
    if (c.kind === "person.create" && c.person) {
      this.directory.people = [
        ...this.directory.people,
        { ...c.person, id: c.person.address, status: "active" },
      ];
    } else if (c.kind === "person.delete") {
      this.directory.people = this.directory.people.filter((p) => p.id !== c.target);
    } else if (c.kind === "person.suspend") {
      edit(() => ({ status: "suspended" }));
    } else if (c.kind === "person.update") {
      edit(() => c.person ?? {});
    }
  }

  client(): Clients {
    const base = { ...fakeOffices(), ...fakeStaff() };
    return {
      offices: {
        ...base.offices,
        makers: async () => makers,
        list: async () => (this.info.current ? [this.info] : []),
        recognise: async (_id, domain) => ({
          domain,
          preset: "tencent-exmail",
          provider: "tencent",
          certainty: "sure",
          offline: false,
        }),
        test: async () => ({ ok: true, domains: this.directory.domains, capabilities: this.capabilities() }),
        connect: async (_id, draft) => {
          this.info = {
            ...this.info,
            ...draft,
            id: "o1",
            title: draft.domain,
            current: true,
            secrets: Object.keys(draft.secrets),
          };
          return this.info;
        },
        capabilities: async () => this.capabilities(),
      },
      directory: {
        ...base.directory,
        snapshot: async () => this.directory,
        state: async (o) => ({ ...(await base.directory.state(o)), ...this.reading }),
        search: async (_o, text) => ({
          seq: this.directory.seq,
          ids: this.directory.people.filter((p) => `${p.name} ${p.address}`.includes(text)).map((p) => p.id),
        }),
        searchIndex: async () => ({
          seq: this.directory.seq,
          texts: this.directory.people.map((p) => `${p.name}\n${p.address}`.toLowerCase()),
        }),
        person: async (_o, id) => {
          const person = this.directory.people.find((p) => p.id === id);
          if (!person) throw new AppError(problem("not_found"));
          return { person, fresh: true };
        },
        unread: async () => 3,
      },
      changes: {
        ...base.changes,
        preview: async (_id, _o, changes) => this.preview(changes),
        apply: async (plan, typed) => this.apply(plan, typed),
        undo: async (_id, run) => this.preview([], run),
        list: async () => this.runs,
        results: async (id, from, limit) => {
          const run = this.runs.find((r) => r.id === id);
          if (!run) throw new AppError(problem("not_found"));
          const rows = (this.steps.get(id) ?? []).slice(from, from + limit);
          return {
            run,
            total: run.total,
            rows: rows.map((step) => ({
              step,
              outcome: step.refusal ? "refused" : "done",
              newId: "",
              at: 1,
            })),
          };
        },
      },
      intake: {
        ...base.intake,
        pick: async () => "/home/li/new.xlsx",
        read: async () => {
          if (!this.intake) throw new AppError(problem("not_found"));
          return this.intake;
        },
        preview: async () =>
          this.preview(
            (this.intake?.people ?? []).map((p) => ({
              ...blank,
              kind: "person.create",
              label: p.address,
              row: p.row,
              target: "",
            })),
          ),
      },
      staff: {
        ...base.staff,
        propose: async (_o, name) => [
          {
            address: `${name.toLowerCase().replaceAll(" ", ".")}@office.example`,
            pattern: "given.surname",
            umlaut: false,
          },
        ],
      },
    };
  }
}

const blank: OfficeChange = {
  kind: "person.create",
  target: "",
  handle: "",
  label: "",
  row: 0,
  set: [],
  password: "",
  mustChange: false,
  address: "",
  heir: "",
  keep: "",
  rights: "",
  way: "",
  on: false,
  add: [],
  remove: [],
  seen: [],
};

function diffsOf(c: OfficeChange, before?: OfficePerson): ChangeStep["diffs"] {
  const value = (p: OfficePerson | undefined, attr: string) => {
    const v = p?.[attr as keyof OfficePerson];
    return v === undefined || v === "" ? [] : [String(v)];
  };
  const attrs = c.kind === "person.create" ? ["name", "address"] : c.set;
  return attrs.map((attr) => ({
    attr,
    part: "",
    before: value(before, attr),
    after: value(c.person, attr),
    secret: false,
    untold: false,
  }));
}
