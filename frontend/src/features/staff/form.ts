import type { OfficeChange, OfficeList, OfficePerson } from "@/api/offices";
import { change, changePerson, nobody } from "@/components/office/change";
import type { Directory } from "@/components/office/useDirectory";

/** What the form holds. Sizes are as they are typed. */
export interface Typed {
  name: string;
  local: string;
  domain: string;
  departments: string[];
  title: string;
  mobile: string;
  phone: string;
  staffNo: string;
  gender: string;
  remark: string;
  aliases: string;
  lists: string[];
  quota: string;
  hidden: boolean;
  forwardTo: string;
  forwardKeep: boolean;
  mailRights: string;
  signIn: Record<string, boolean>;
  password: string;
  mustChange: boolean;
}

/** The addresses of somebody that are on a list. */
const ownOn = (l: OfficeList, p: OfficePerson) =>
  l.members.filter((m) => m === p.address || p.aliases.includes(m));

const gigabyte = 1024 ** 3;

export function typedOf(p: OfficePerson | undefined, directory: Directory, department: string): Typed {
  const [local = "", domain = directory.domains[0]?.name ?? ""] = (p?.address ?? "").split("@");
  const known = directory.branch.has(department) ? [department] : [];
  return {
    name: p?.name ?? "",
    local,
    domain: p ? domain : (directory.domains[0]?.name ?? ""),
    departments: p?.departments ?? known,
    title: p?.title ?? "",
    mobile: p?.mobile ?? "",
    phone: p?.phone ?? "",
    staffNo: p?.staffNo ?? "",
    gender: p?.gender ?? "",
    remark: p?.remark ?? "",
    aliases: p?.aliases.join("\n") ?? "",
    lists: p ? directory.lists.filter((l) => ownOn(l, p).length > 0).map((l) => l.id) : [],
    quota: p && p.quota >= 0 ? String(Math.round((p.quota / gigabyte) * 100) / 100) : "",
    hidden: p?.hidden === "yes",
    forwardTo: p?.forward?.to.join(", ") ?? "",
    forwardKeep: p?.forward?.keep ?? true,
    mailRights: p?.mailRights ?? "",
    signIn: Object.fromEntries(p?.signIn.map((s) => [s.way, s.allowed === "yes"]) ?? []),
    password: "",
    mustChange: true,
  };
}

export function many(text: string): string[] {
  return [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;，；、]+/)
        .filter(Boolean),
    ),
  ];
}

/** An alias as a whole address. */
function aliasesOf(f: Typed): string[] {
  return many(f.aliases).map((a) => (a.includes("@") ? a : `${a}@${f.domain}`));
}

const quotaOf = (f: Typed) => (f.quota.trim() === "" ? -1 : Math.round(Number(f.quota) * gigabyte));
const forwardOf = (f: Typed) => {
  const to = many(f.forwardTo);
  return to.length > 0 ? { to, keep: f.forwardKeep } : undefined;
};

function personOf(f: Typed, base: OfficePerson): OfficePerson {
  return {
    ...base,
    address: base.address || `${f.local.trim().toLowerCase()}@${f.domain}`,
    name: f.name.trim(),
    departments: f.departments,
    title: f.title.trim(),
    mobile: f.mobile.trim(),
    phone: f.phone.trim(),
    staffNo: f.staffNo.trim(),
    gender: f.gender,
    remark: f.remark.trim(),
    quota: quotaOf(f),
    hidden: f.hidden ? "yes" : base.hidden === "yes" ? "no" : base.hidden,
  };
}

/** What creates the person of the form; password is a handle. */
export function creating(
  f: Typed,
  password: string,
  directory: Directory,
  takes: (attr: string) => boolean,
): OfficeChange[] {
  const p = {
    ...personOf(f, nobody()),
    // It served for the address, where the office has no place for it.
    name: takes("name") ? f.name.trim() : "",
    aliases: aliasesOf(f),
    forward: forwardOf(f),
    mailRights: f.mailRights,
  };
  const all = [
    change({
      kind: "person.create",
      handle: "@p1",
      label: p.address,
      person: p,
      password,
      mustChange: takes("mustChange") && password !== "" && f.mustChange,
    }),
  ];
  for (const id of f.lists) {
    const list = directory.lists.find((l) => l.id === id);
    if (list) all.push(change({ kind: "list.update", target: id, label: list.address, add: [p.address] }));
  }
  return all;
}

const plain = ["name", "title", "mobile", "phone", "staffNo", "gender", "remark"] as const;

/** What changes a person as the form says; nothing else is touched. */
export function editing(f: Typed, p: OfficePerson, directory: Directory): OfficeChange[] {
  const next = personOf(f, p);
  const before = typedOf(p, directory, "");
  const set: string[] = plain.filter((a) => next[a] !== p[a]);
  const seen = set.map((attr) => ({ attr, values: [p[attr as (typeof plain)[number]]] }));
  const put = (attr: string, values: string[]) => {
    set.push(attr);
    seen.push({ attr, values });
  };
  if (f.departments.join() !== p.departments.join()) put("departments", p.departments);
  if (f.quota !== before.quota) put("quota", [String(p.quota)]);
  if (f.hidden !== before.hidden) put("hidden", [p.hidden]);
  const all = set.length > 0 ? [changePerson(p, { kind: "person.update", set, seen, person: next })] : [];
  const wanted = aliasesOf(f);
  for (const a of wanted) {
    if (!p.aliases.includes(a)) all.push(changePerson(p, { kind: "person.alias.add", address: a }));
  }
  for (const a of p.aliases) {
    if (!wanted.includes(a)) all.push(changePerson(p, { kind: "person.alias.remove", address: a }));
  }
  if (f.forwardTo !== before.forwardTo || (f.forwardTo !== "" && f.forwardKeep !== before.forwardKeep)) {
    all.push(changePerson(p, { kind: "person.forward", forward: forwardOf(f) }));
  }
  if (f.mailRights !== before.mailRights) {
    all.push(changePerson(p, { kind: "person.mailRights", rights: f.mailRights }));
  }
  for (const [way, on] of Object.entries(f.signIn)) {
    if (on !== before.signIn[way]) all.push(changePerson(p, { kind: "person.signIn", way, on }));
  }
  return [...all, ...listChanges(f, before, p, directory)];
}

function listChanges(f: Typed, before: Typed, p: OfficePerson, directory: Directory): OfficeChange[] {
  return directory.lists.flatMap((l) => {
    const [was, is] = [before.lists.includes(l.id), f.lists.includes(l.id)];
    if (was === is) return [];
    return [
      change({
        kind: "list.update",
        target: l.id,
        label: l.address,
        ...(is ? { add: [p.address] } : { remove: ownOn(l, p) }),
      }),
    ];
  });
}
