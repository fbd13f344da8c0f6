import { describe, expect, it } from "vitest";
import { problem } from "@/api/errors";
import { emptyDirectory } from "@/api/fake/offices";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { nobody } from "@/components/office/change";
import { indexed } from "@/components/office/useDirectory";
import { todosOf } from "@/features/home/todo";
import { creating, editing, nobodysList, settingAll, typedOf } from "@/features/lists/form";
import { letterFor } from "@/features/staff/joiner/letter";
import { i18n } from "@/i18n";
import { readAddresses } from "@/lib/addresses";

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

describe("addresses as people paste them", () => {
  it("are found whatever stands between them", () => {
    expect(
      readAddresses(
        '"Li, Ming" <LI@office.example>; b@shop.example，c@shop.example、mailto:d@shop.example\nb@shop.example',
      ),
    ).toEqual({
      good: ["li@office.example", "b@shop.example", "c@shop.example", "d@shop.example"],
      bad: [],
    });
  });

  it("that are none are told", () => {
    expect(readAddresses("x@y a@b..example @c.example d@e.example.").bad).toEqual([
      "x@y",
      "a@b..example",
      "@c.example",
      "d@e.example.",
    ]);
  });
});

describe("the form of a list", () => {
  const list = {
    ...nobodysList(),
    id: "l",
    address: "all@office.example",
    members: ["a@office.example", "b@office.example"],
    policy: "named",
    senders: ["a@office.example"],
    hidden: "no",
  };

  it("changes nothing where nothing was touched", () => {
    expect(editing(typedOf(list, directory, []), list)).toEqual([]);
  });

  it("adds and removes members one by one, and tells what was seen of the rest", () => {
    const f = {
      ...typedOf(list, directory, []),
      members: ["b@office.example", "g@shop.example"],
      policy: "anyone",
    };
    const [c] = editing(f, list);
    expect(c).toMatchObject({
      kind: "list.update",
      target: "l",
      set: ["policy", "senders"],
      add: ["g@shop.example"],
      remove: ["a@office.example"],
      seen: [
        { attr: "policy", values: ["named"] },
        { attr: "senders", values: ["a@office.example"] },
      ],
    });
    expect(c?.list?.senders).toEqual([]);
  });

  it("makes a list whose flags are left to the provider where they were not touched", () => {
    const f = { ...typedOf(undefined, directory, ["inside"]), local: " News ", off: true };
    expect(creating(f)[0]?.list).toMatchObject({
      address: "news@office.example",
      policy: "inside",
      hidden: "",
      off: "yes",
    });
    expect(settingAll([list], { hidden: true })[0]).toMatchObject({
      set: ["hidden"],
      list: { hidden: "yes" },
    });
  });
});

describe("what is to be done", () => {
  const known = { office, directory, canLists: true, due: ["2026-10"], ill: [], now: 100 * 86_400_000 };

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
});

it("the welcome letter never holds the password", () => {
  const joined = {
    name: "A",
    address: "a@office.example",
    lists: ["All"],
    password: "s3cret-word",
    failed: 0,
  };
  const at = { host: "imap.office.example", port: 993, security: "tls" as const };
  for (const language of ["en", "zh-CN"]) {
    const letter = letterFor(i18n.getFixedT(language), joined, {
      servers: [{ name: "imap", at: at as never }],
      webMail: "",
    });
    expect(letter.text).toContain("imap.office.example:993");
    expect(letter.text + letter.subject).not.toContain("s3cret");
  }
});
