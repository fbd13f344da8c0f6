import { describe, expect, it } from "vitest";
import { slotsOf } from "@/components/slots";

describe("the rows of a long table", () => {
  it("are those in sight with some spare, and never more than there are", () => {
    expect(slotsOf(0, 10, 0, 6)).toEqual([]);
    expect(slotsOf(3, 10, 40, 6).map((s) => s.index)).toEqual([0, 1, 2]);
    const middle = slotsOf(5000, 10, 100, 6).map((s) => s.index);
    expect([middle[0], middle.at(-1), middle.length]).toEqual([94, 115, 22]);
    expect(slotsOf(5000, 10, 4999, 6).at(-1)?.index).toBe(4999);
  });

  it("keep their nodes while the table scrolls", () => {
    const nodes = (at: number) => new Map(slotsOf(5000, 10, at, 6).map((s) => [s.index, s.key]));
    const before = nodes(100);
    for (const [index, key] of nodes(103)) expect(before.get(index) ?? key).toBe(key);
    expect(new Set(nodes(103).values()).size).toBe(22);
  });
});
