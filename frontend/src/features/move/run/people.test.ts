import { describe, expect, it } from "vitest";
import type { MailboxMove, Problem } from "@/api/types";
import { causesOf, countsOf, nextStep, shownOf, waitsForPerson } from "@/features/move/run/people";

const refused: Problem = {
  code: "unauthenticated",
  class: "needs-app-password",
  args: { host: "imap.old.example", side: "source" },
  server: "",
};

function box(i: number, state: MailboxMove["state"], problem?: Problem): MailboxMove {
  const end = (host: string, user: string) => ({ kind: "imap", host, user, path: "", authz: "" }) as never;
  const counts = { messages: 100, copied: i, alreadyThere: 0, excluded: 0, leftBehind: 0, pending: 100 - i };
  return {
    id: `m${i}`,
    label: `Person ${i}`,
    from: end("imap.old.example", `p${i}@old.example`),
    to: end("imap.new.example", `p${i}@new.example`),
    state,
    problem,
    progress: { counts, etaMs: state === "running" ? i * 1000 : -1 } as MailboxMove["progress"],
  } as unknown as MailboxMove;
}

const office = [
  box(1, "running"),
  box(2, "failed", refused),
  box(10, "done"),
  box(3, "failed", { ...refused, args: { ...refused.args, user: "other" } }),
  box(4, "failed", { ...refused, class: "", code: "forbidden" }),
  box(5, "left_out"),
  box(6, "paused"),
  box(7, "left_behind"),
];

describe("the people of a move", () => {
  it("are all counted once", () => {
    const { all, ...parts } = countsOf(office);
    expect(all).toBe(8);
    expect(Object.values(parts).reduce((a, b) => a + b)).toBe(8);
    expect(parts).toMatchObject({ trouble: 3, out: 1, working: 1, waiting: 1, left: 1, done: 1 });
  });

  it("are found by name or address, filtered and sorted", () => {
    const names = (filter: Parameters<typeof shownOf>[1], search: string, key: "name" | "share" | "state") =>
      shownOf(office, filter, search, { key, down: false }).map((m) => m.id);
    expect(names("all", "P10@NEW", "name")).toEqual(["m10"]);
    expect(names("trouble", "", "name")).toEqual(["m2", "m3", "m4"]);
    expect(names("all", "", "name").at(-1)).toBe("m10");
    expect(names("all", "", "state")[0]).toBe("m2");
    expect(shownOf(office, "all", "", { key: "order", down: false }).map((m) => m.id)).toEqual(
      office.map((m) => m.id),
    );
    expect(names("all", "nobody", "name")).toEqual([]);
  });

  it("are grouped by what keeps them, whoever it hit", () => {
    const causes = causesOf(office);
    expect(causes.map((c) => c.mailboxes.map((m) => m.id))).toEqual([["m2", "m3"], ["m4"]]);
    expect(causes[0]?.side).toBe("from");
  });

  it("have a next step wherever there is one", () => {
    expect(office.map(nextStep)).toEqual([
      "pause",
      "password",
      undefined,
      "password",
      "password",
      "back",
      "goOn",
      "again",
    ]);
  });

  it("who move by themselves are waited for, and can only be invited", () => {
    const self = (state: MailboxMove["state"]) => ({ ...box(1, state), self: true });
    expect((["idle", "paused", "failed", "done"] as const).map((s) => nextStep(self(s)))).toEqual([
      "invite",
      "invite",
      "invite",
      undefined,
    ]);
    expect((["idle", "paused", "done"] as const).map((s) => waitsForPerson(self(s)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(waitsForPerson(box(1, "paused"))).toBe(false);
  });
});
