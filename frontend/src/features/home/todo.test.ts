import { describe, expect, it } from "vitest";
import { problem } from "@/api/errors";
import { emptyDirectory } from "@/api/fake/offices";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { nobody } from "@/components/office/change";
import { indexed } from "@/components/office/useDirectory";
import { runsOf, todosOf } from "@/features/home/todo";

const person = (part: Partial<OfficePerson>): OfficePerson => ({
  ...nobody(),
  id: part.address ?? "",
  ...part,
});

const directory = indexed({
  ...emptyDirectory("o1"),
  refreshed: 1,
  domains: [{ name: "office.example", alias: false, off: false, remark: "" }],
  departments: [{ id: "d", parent: "", name: "Sales", remark: "", order: 0 }],
  people: [
    person({
      address: "a@office.example",
      name: "A",
      aliases: ["abuse@office.example"],
      quota: 100,
      used: 81,
    }),
    person({ address: "b@office.example", name: "B", departments: ["d"], quota: 100, used: 79 }),
    person({
      address: "c@office.example",
      name: "C",
      status: "suspended",
      lastSignIn: 1,
      departments: ["d"],
    }),
  ],
});

const office: OfficeInfo = {
  id: "o1",
  name: "",
  title: "office.example",
  provider: "practice",
  domain: "office.example",
  values: {},
  secrets: [],
  baseUrl: "",
  readOnly: false,
  current: true,
  added: 1,
  missing: false,
};

describe("what is to be done", () => {
  const known = {
    office,
    directory,
    canLists: true,
    due: ["2026-10"],
    unusual: [],
    ill: [],
    now: 100 * 86_400_000,
  };

  it("follows from what is known", () => {
    expect(todosOf(known).map((x) => [x.code, x.who])).toEqual([
      ["postmaster", ["postmaster@office.example"]],
      ["departments", ["A"]],
      ["full", ["A"]],
      ["suspended", ["C"]],
      ["archive", ["2026-10"]],
    ]);
  });

  it("claims nothing of what the provider does not tell", () => {
    const people = directory.people.map((p) => ({ ...p, partial: true, quota: -1, used: -1, lastSignIn: 0 }));
    const vague = { ...known, due: [], directory: { ...directory, people, departments: [] } };
    expect(todosOf(vague)).toEqual([]);
    expect(todosOf({ ...vague, directory: { ...directory, refreshed: 0 } })).toEqual([]);
  });

  it("names a refused key first", () => {
    expect(
      todosOf({ ...known, directory: { ...directory, problem: problem("unauthenticated") } })[0],
    ).toMatchObject({
      code: "key",
      to: "/offices/o1",
    });
  });

  it("joins months that follow each other, over the turn of a year too", () => {
    const due = ["2025-01", "2024-11", "2024-12", "2025-04"];
    const { who, count } = todosOf({ ...known, due }).at(-1) ?? { who: [], count: 0 };
    expect(count).toBe(4);
    expect(runsOf(who)).toEqual([
      { from: "2024-11", to: "2025-01", count: 3 },
      { from: "2025-04", to: "2025-04", count: 1 },
    ]);
  });
});
