import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { DirectorySnapshot, OfficeDepartment, OfficePerson } from "@/api/offices";

/** One node of the department tree. */
export interface Branch {
  department: OfficeDepartment;
  path: string;
  below: Branch[];
  /** People in it and below, each once. */
  count: number;
}

/** A directory with what is often looked up. */
export interface Directory extends DirectorySnapshot {
  person: Map<string, OfficePerson>;
  branch: Map<string, Branch>;
  top: Branch[];
  path: (departmentId: string) => string;
  /** IDs of those who have a tag, by themselves or through a department. */
  tagged: (tagId: string) => Set<string>;
  /** The department and all below it. */
  within: (departmentId: string) => Set<string>;
}

/** An office's directory as it was last read. */
export function useDirectory(office: string | undefined): {
  directory: Directory | undefined;
  error: unknown;
} {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: keys.directory(office ?? ""),
    queryFn: () => client.directory.snapshot(office ?? ""),
    enabled: !!office,
    staleTime: 60_000,
    placeholderData: (before) => (before?.office === office ? before : undefined),
    structuralSharing: false,
  });
  const directory = useMemo(() => data && indexed(data), [data]);
  return { directory, error };
}

export function indexed(s: DirectorySnapshot): Directory {
  const branch = new Map<string, Branch>();
  for (const d of s.departments) branch.set(d.id, { department: d, path: d.name, below: [], count: 0 });
  const top: Branch[] = [];
  for (const b of branch.values()) {
    const parent = branch.get(b.department.parent);
    (parent?.below ?? top).push(b);
  }
  const order = (a: Branch, b: Branch) =>
    a.department.order - b.department.order || a.department.name.localeCompare(b.department.name);
  const settle = (list: Branch[], prefix: string) => {
    list.sort(order);
    for (const b of list) {
      b.path = prefix + b.department.name;
      settle(b.below, `${b.path}/`);
    }
  };
  settle(top, "");
  count(s, branch);
  const path = (id: string) => branch.get(id)?.path ?? "";
  const within = (id: string) => {
    const all = new Set<string>();
    const walk = (b: Branch | undefined) => {
      if (!b || all.has(b.department.id)) return;
      all.add(b.department.id);
      b.below.forEach(walk);
    };
    walk(branch.get(id));
    return all;
  };
  const person = new Map(s.people.map((p) => [p.id, p] as const));
  const tagged = (id: string) => {
    const tag = s.tags.find((one) => one.id === id);
    const by = new Set(tag?.people);
    const inside = new Set(tag?.departments.flatMap((d) => [...within(d)]));
    return new Set(
      s.people.filter((p) => by.has(p.address) || p.departments.some((d) => inside.has(d))).map((p) => p.id),
    );
  };
  return { ...s, person, branch, top, path, within, tagged };
}

function count(s: DirectorySnapshot, branch: Map<string, Branch>) {
  for (const p of s.people) {
    const seen = new Set<string>();
    for (const id of p.departments) {
      for (
        let at = branch.get(id);
        at && !seen.has(at.department.id);
        at = branch.get(at.department.parent)
      ) {
        seen.add(at.department.id);
        at.count += 1;
      }
    }
  }
}
