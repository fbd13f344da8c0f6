import type { OfficeChange, OfficeList } from "@/api/offices";
import { change } from "@/components/office/change";
import type { Directory } from "@/components/office/useDirectory";

/** What the form of a list holds. */
export interface Typed {
  name: string;
  local: string;
  domain: string;
  remark: string;
  members: string[];
  lists: string[];
  departments: string[];
  policy: string;
  senders: string[];
  hidden: boolean;
  off: boolean;
}

export const policies = ["anyone", "inside", "members", "members_named", "named"] as const;

/** Whether the named senders count. */
export const takesSenders = (policy: string) => policy === "members_named" || policy === "named";

export function typedOf(l: OfficeList | undefined, directory: Directory, can: readonly string[]): Typed {
  const [local = "", domain = ""] = (l?.address ?? "").split("@");
  const usual = can.includes("inside") ? "inside" : (can[0] ?? "");
  return {
    name: l?.name ?? "",
    local,
    domain: l ? domain : (directory.domains[0]?.name ?? ""),
    remark: l?.remark ?? "",
    members: l?.members ?? [],
    lists: l?.lists ?? [],
    departments: l?.departments ?? [],
    policy: l ? l.policy : usual,
    senders: l?.senders ?? [],
    hidden: l?.hidden === "yes",
    off: l?.off === "yes",
  };
}

export function nobodysList(): OfficeList {
  return {
    id: "",
    address: "",
    name: "",
    remark: "",
    members: [],
    lists: [],
    departments: [],
    policy: "",
    senders: [],
    hidden: "",
    off: "",
    partial: false,
  };
}

const flag = (on: boolean, before: string) => (on ? "yes" : before === "" ? "" : "no");

function listOf(f: Typed, base: OfficeList): OfficeList {
  return {
    ...base,
    address: base.address || `${f.local.trim().toLowerCase()}@${f.domain}`,
    name: f.name.trim(),
    remark: f.remark.trim(),
    members: f.members,
    lists: f.lists,
    departments: f.departments,
    policy: f.policy,
    senders: takesSenders(f.policy) ? f.senders : [],
    hidden: flag(f.hidden, base.hidden),
    off: flag(f.off, base.off),
  };
}

export function creating(f: Typed): OfficeChange[] {
  const list = listOf(f, nobodysList());
  return [change({ kind: "list.create", label: list.address, list })];
}

const sorted = (values: readonly string[]) => [...values].sort().join("\n");
const values = ["name", "remark", "policy", "hidden", "off"] as const;
const manyValues = ["lists", "departments", "senders"] as const;

/** What changes a list as the form says. Members are added and removed one by one, so that others' additions stay. */
export function editing(f: Typed, l: OfficeList): OfficeChange[] {
  const next = listOf(f, l);
  const set: string[] = [];
  const seen: { attr: string; values: string[] }[] = [];
  for (const attr of values) {
    if (next[attr] === l[attr]) continue;
    set.push(attr);
    seen.push({ attr, values: [l[attr]] });
  }
  for (const attr of manyValues) {
    if (sorted(next[attr]) === sorted(l[attr])) continue;
    set.push(attr);
    seen.push({ attr, values: l[attr] });
  }
  const before = new Set(l.members);
  const after = new Set(f.members);
  const add = f.members.filter((m) => !before.has(m));
  const remove = l.members.filter((m) => !after.has(m));
  if (set.length + add.length + remove.length === 0) return [];
  return [
    change({ kind: "list.update", target: l.id, label: l.address, set, list: next, add, remove, seen }),
  ];
}

/** Changes one value of several lists. */
export function settingAll(
  lists: readonly OfficeList[],
  part: { off: boolean } | { hidden: boolean },
): OfficeChange[] {
  const attr = "off" in part ? "off" : "hidden";
  const value = ("off" in part ? part.off : part.hidden) ? "yes" : "no";
  return lists.map((l) =>
    change({
      kind: "list.update",
      target: l.id,
      label: l.address,
      set: [attr],
      list: { ...l, [attr]: value },
      seen: [{ attr, values: [l[attr]] }],
    }),
  );
}

export const deleting = (lists: readonly OfficeList[]): OfficeChange[] =>
  lists.map((l) => change({ kind: "list.delete", target: l.id, label: l.address }));
