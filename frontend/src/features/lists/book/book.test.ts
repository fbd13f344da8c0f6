import { describe, expect, it } from "vitest";
import type { OfficeContact } from "@/api/offices";
import {
  deleteGroup,
  inGroup,
  moved,
  movedTo,
  noGroup,
  orderContacts,
  regroup,
} from "@/features/lists/book/book";

const contact = (id: string, groups: string[], order = 0): OfficeContact => ({
  id,
  name: id.toUpperCase(),
  addresses: [`${id}@shop.example`],
  mobile: "",
  phone: "010-1",
  company: "",
  title: "",
  remark: "",
  groups,
  order,
});
const all = [contact("a", ["g"], 2), contact("b", ["g", "h"], 1), contact("c", [])];

describe("the book", () => {
  it("shows a group by place, and those in none", () => {
    expect(inGroup(all, "g").map((c) => c.id)).toEqual(["b", "a"]);
    expect(inGroup(all, noGroup).map((c) => c.id)).toEqual(["c"]);
    expect(inGroup(all, "", "B@shop").map((c) => c.id)).toEqual(["b"]);
    expect(inGroup(all, "", "010-1")).toHaveLength(3);
  });

  it("moves one up and down, and no further than the ends", () => {
    expect(moved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], "c", 1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b", "c"], "x", 1)).toEqual(["a", "b", "c"]);
    expect(movedTo(["a", "b", "c"], "c", "a")).toEqual(["c", "a", "b"]);
  });

  it("changes only those whose place differs", () => {
    const changes = orderContacts(all, ["b", "c", "a"]);
    expect(changes.map((c) => [c.target, c.contact?.order])).toEqual([
      ["c", 2],
      ["a", 3],
    ]);
  });

  it("moves out of the group that is seen, and adds from elsewhere", () => {
    const groups = (seen: string, to: string) =>
      regroup(all, seen, to).map((c) => [c.target, c.contact?.groups]);
    expect(groups("g", "h")).toEqual([
      ["a", ["h"]],
      ["b", ["h"]],
      ["c", ["h"]],
    ]);
    expect(groups("", "h")).toEqual([
      ["a", ["g", "h"]],
      ["c", ["h"]],
    ]);
    expect(groups("g", noGroup)).toEqual([
      ["a", []],
      ["b", ["h"]],
    ]);
    expect(groups("", noGroup)).toEqual([
      ["a", []],
      ["b", []],
    ]);
  });

  it("takes with a group only those who are in no other", () => {
    const group = { id: "g", name: "G", order: 1 };
    expect(deleteGroup(group, all, false).map((c) => c.kind)).toEqual(["contactGroup.delete"]);
    expect(deleteGroup(group, all, true).map((c) => [c.kind, c.target])).toEqual([
      ["contact.delete", "a"],
      ["contactGroup.delete", "g"],
    ]);
  });
});
