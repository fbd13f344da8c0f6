import { AppError, problem } from "@/api/errors";
import type {
  DraftHead,
  FolderGroup,
  FolderRule,
  MoveFolder,
  PeopleCheck,
  RowFinding,
  WizardDraft,
} from "@/api/types";

/** The made-up program's drafts. */
export class FakeDrafts {
  private readonly all = new Map<string, WizardDraft>();
  private clock = Date.UTC(2026, 10, 22, 9, 0);

  list(): DraftHead[] {
    return [...this.all.values()].map((d) => d.head).sort((a, b) => b.updated - a.updated);
  }

  get(id: string): WizardDraft {
    const draft = this.all.get(id);
    if (!draft) throw new AppError(problem("not_found"));
    return structuredClone(draft);
  }

  save(draft: WizardDraft): DraftHead {
    this.clock += 1000;
    const head = { ...draft.head, updated: this.clock };
    this.all.set(head.id, { ...structuredClone(draft), head });
    return head;
  }

  remove(id: string): void {
    this.all.delete(id);
  }
}

/** A few of the program's checks, enough to look at the page with. */
export function fakeCheck(table: PeopleCheck): RowFinding[] {
  const found: RowFinding[] = [];
  const seen = new Map<string, number>();
  table.rows.forEach((r, i) => {
    if (!r.fromUser && !r.toUser && !r.fromPassword && !r.toPassword) return;
    const add = (
      column: string,
      code: string,
      weight: RowFinding["weight"],
      more: Partial<RowFinding> = {},
    ) => found.push({ row: i + 1, column, code, weight, first: 0, fixed: "", domain: "", ...more });
    for (const [column, user, needed] of [
      ["from_user", r.fromUser, !table.from.noUser],
      ["to_user", r.toUser, !table.to.noUser],
    ] as const) {
      const fixed = user.replace(/＠/g, "@").trim();
      if (needed && !user) add(column, "empty", "stop");
      else if (fixed !== user)
        add(column, user.includes("＠") ? "full_width" : "stray_blank", "fix", { fixed });
    }
    if (!r.fromPassword && !table.from.noPassword && !table.from.noUser)
      add("from_password", "empty", "stop");
    if (!r.toPassword && !table.to.noPassword && !table.to.noUser) add("to_password", "empty", "stop");
    const pair = `${r.fromUser} ${r.toUser}`.toLowerCase();
    const first = seen.get(pair);
    if (first !== undefined) add("from_user", "duplicate_pair", "stop", { first });
    else if (r.fromUser && r.toUser) seen.set(pair, i + 1);
  });
  return found;
}

/** Groups the folder maps of a made-up move. */
export function fakeGroups(maps: readonly MoveFolder[][], rules: readonly FolderRule[]): FolderGroup[] {
  const groups = new Map<string, FolderGroup>();
  for (const f of maps.flat()) {
    const g = groups.get(f.source) ?? {
      source: f.source,
      role: f.role,
      people: 0,
      skipped: 0,
      own: 0,
      messages: 0,
      target: f.target,
      targets: 1,
      action: f.action,
      reason: f.reason,
      changes: [...f.changes],
      ruled: rules.some((r) => r.source === f.source),
    };
    g.people++;
    g.messages += f.counts.messages;
    if (f.action === "skip") g.skipped++;
    if (f.own) g.own++;
    groups.set(f.source, g);
  }
  return [...groups.values()];
}

/** Applies the rules for everybody to a folder map that nobody chose in. */
export function withRules(proposal: readonly MoveFolder[], rules: readonly FolderRule[]): MoveFolder[] {
  return proposal.map((f) => {
    const rule =
      rules.find((r) => r.source === f.source) ??
      rules.find((r) => !r.source && r.role !== "" && r.role === f.role);
    if (!rule || f.action === "parent" || (!rule.skip && !rule.target)) return { ...f };
    return rule.skip
      ? { ...f, chosen: true, action: "skip", target: "", reason: "by-request" }
      : { ...f, chosen: true, action: "copy", target: rule.target, reason: "" };
  });
}
