import type { OfficeChange, OfficeContact, OfficeContactGroup } from "@/api/offices";
import { change } from "@/components/office/change";

/** What dragged contacts and groups are called among the data of a drag. */
export const contactType = "application/x-mailroom-contacts";
export const groupType = "application/x-mailroom-group";

/** Stands for the contacts that are in no group. */
export const noGroup = "-";

interface Placed {
  id: string;
  name: string;
  order: number;
}

/** By place, then by name. */
export function inOrder<T extends Placed>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
}

/** The contacts of a group ("" all, noGroup those in none) in which a text is found. */
export function inGroup(contacts: readonly OfficeContact[], group: string, text = ""): OfficeContact[] {
  const typed = text.trim().toLowerCase();
  return inOrder(
    contacts.filter(
      (c) =>
        (group === "" || (group === noGroup ? c.groups.length === 0 : c.groups.includes(group))) &&
        (typed === "" ||
          [c.name, c.company, c.mobile, c.phone, c.title, ...c.addresses]
            .join("\n")
            .toLowerCase()
            .includes(typed)),
    ),
  );
}

/** A list of IDs with one of them further down (by > 0) or up. */
export function moved(ids: readonly string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = Math.min(Math.max(from + by, 0), ids.length - 1);
  if (from < 0 || from === to) return [...ids];
  const out = ids.filter((other) => other !== id);
  out.splice(to, 0, id);
  return out;
}

/** A list of IDs with one of them where another one stands. */
export function movedTo(ids: readonly string[], id: string, place: string): string[] {
  return moved(ids, id, ids.indexOf(place) - ids.indexOf(id));
}

/** What brings things into an order: only those are changed whose place differs. */
function placed<T extends Placed>(all: readonly T[], ids: readonly string[]): T[] {
  const byID = new Map(all.map((one) => [one.id, one] as const));
  const out: T[] = [];
  ids.forEach((id, i) => {
    const one = byID.get(id);
    if (one && one.order !== i + 1) out.push({ ...one, order: i + 1 });
  });
  return out;
}

const saveContact = (contact: OfficeContact): OfficeChange =>
  change({ kind: "contact.save", target: contact.id, label: contact.name, contact });

export const saveGroup = (group: OfficeContactGroup): OfficeChange =>
  change({ kind: "contactGroup.save", target: group.id, label: group.name, group });

export const orderContacts = (all: readonly OfficeContact[], ids: readonly string[]): OfficeChange[] =>
  placed(all, ids).map(saveContact);

export const orderGroups = (all: readonly OfficeContactGroup[], ids: readonly string[]): OfficeChange[] =>
  placed(all, ids).map(saveGroup);

/**
 * Contacts into a group: from the view of a group they leave that one, from elsewhere they are added.
 * To noGroup: out of the group that is seen, or out of all.
 */
export function regroup(contacts: readonly OfficeContact[], seen: string, to: string): OfficeChange[] {
  const from = seen === noGroup ? "" : seen;
  return contacts.flatMap((c) => {
    let groups = c.groups.filter((g) => g !== from);
    if (to === noGroup) groups = from === "" ? [] : groups;
    else if (!groups.includes(to)) groups = [...groups, to];
    const same = groups.length === c.groups.length && groups.every((g) => c.groups.includes(g));
    return same ? [] : [saveContact({ ...c, groups })];
  });
}

/** A group goes: its contacts stay in the book, or those that are in no other group go with it. */
export function deleteGroup(
  group: OfficeContactGroup,
  contacts: readonly OfficeContact[],
  withContacts: boolean,
): OfficeChange[] {
  const gone = withContacts ? contacts.filter((c) => c.groups.length === 1 && c.groups[0] === group.id) : [];
  return [
    ...gone.map((c) => change({ kind: "contact.delete", target: c.id, label: c.name })),
    change({ kind: "contactGroup.delete", target: group.id, label: group.name }),
  ];
}
