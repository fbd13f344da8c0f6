import type { ChangeKind, OfficeChange, OfficePerson } from "@/api/offices";

type Part = Partial<OfficeChange> & { kind: ChangeKind };

/** A change with everything that it does not say. */
export function change(part: Part): OfficeChange {
  return {
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
    ...part,
  };
}

/** A change to a person. */
export function changePerson(person: OfficePerson, part: Part): OfficeChange {
  return change({ target: person.id, label: person.address, ...part });
}

/** A person of whom nothing is known. */
export function nobody(): OfficePerson {
  return {
    id: "",
    address: "",
    name: "",
    departments: [],
    title: "",
    mobile: "",
    phone: "",
    staffNo: "",
    remark: "",
    gender: "",
    aliases: [],
    status: "active",
    hidden: "",
    hiddenAddresses: [],
    mustChange: "",
    quota: -1,
    used: -1,
    mailRights: "",
    signIn: [],
    created: 0,
    expires: 0,
    lastSignIn: 0,
    partial: false,
  };
}
