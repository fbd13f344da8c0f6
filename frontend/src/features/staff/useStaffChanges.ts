import { useMemo } from "react";
import type { OfficeChange, OfficePerson } from "@/api/offices";
import { useChanges } from "@/components/office/ChangesContext";
import { change, changePerson } from "@/components/office/change";
import type { Directory } from "@/components/office/useDirectory";

/** What the page asks for, as changes that are shown before they are sent. */
export function useStaffChanges(directory: Directory, onDone?: () => void) {
  const { propose } = useChanges();
  return useMemo(() => {
    const people = (ids: readonly string[]) =>
      ids.map((id) => directory.person.get(id)).filter((p): p is OfficePerson => p !== undefined);
    const send = (all: OfficeChange[]) => {
      if (all.length > 0) propose(all, onDone);
    };
    return {
      send,
      moveDepartment: (id: string, to: string) => {
        const d = directory.branch.get(id)?.department;
        if (!d || d.parent === to || directory.within(id).has(to)) return;
        send([
          change({
            kind: "department.update",
            target: id,
            label: d.name,
            set: ["parent"],
            department: { ...d, parent: to },
            seen: [{ attr: "parent", values: [d.parent] }],
          }),
        ]);
      },
      movePeople: (ids: readonly string[], to: string[], keep: boolean) =>
        send(
          people(ids).map((p) =>
            changePerson(p, {
              kind: "person.update",
              set: ["departments"],
              person: { ...p, departments: [...new Set(keep ? [...p.departments, ...to] : to)] },
              seen: [{ attr: "departments", values: p.departments }],
            }),
          ),
        ),
      suspend: (ids: readonly string[], off: boolean) =>
        send(people(ids).map((p) => changePerson(p, { kind: off ? "person.suspend" : "person.resume" }))),
      hide: (ids: readonly string[], on: boolean) =>
        send(people(ids).map((p) => changePerson(p, { kind: "person.hide", on }))),
      remove: (ids: readonly string[], heir: string, keep: string) =>
        send(
          people(ids).map((p) =>
            changePerson(p, heir ? { kind: "person.deleteKeeping", heir, keep } : { kind: "person.delete" }),
          ),
        ),
      restore: (ids: readonly string[]) =>
        send(people(ids).map((p) => changePerson(p, { kind: "person.restore" }))),
    };
  }, [directory, propose, onDone]);
}
