import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeOffice } from "@/api/fake/staff";
import { nobody } from "@/components/office/change";
import { button, openPage } from "@/test/page";

describe("an import", () => {
  it("shows every problem with its cell, the worst first, and what will be created", async () => {
    const o = new FakeOffice();
    o.directory.people = [
      { ...nobody(), id: "p0", name: "Li Lei", address: "li.lei@office.example", title: "Clerk" },
    ];
    o.intake = {
      path: "/home/li/new.xlsx",
      encoding: "",
      sheets: [],
      sheet: "",
      hidden: 0,
      total: 3,
      stopped: 1,
      already: 1,
      changed: 0,
      there: [
        {
          row: 5,
          name: "Li Lei",
          address: "li.lei@office.example",
          now: "Li Lei",
          other: false,
          existing: "leave",
          cells: [
            { attr: "title", part: "", before: ["Clerk"], after: ["Manager"], secret: false, untold: false },
          ],
        },
      ],
      people: [
        {
          row: 2,
          name: "New One",
          address: "new.one@office.example",
          departments: ["Sales"],
          aliases: [],
          made: true,
        },
      ],
      departments: ["Lab"],
      problems: [
        {
          code: "proposed",
          weight: "look",
          row: 2,
          column: "address",
          cell: "B2",
          value: "",
          first: 0,
          fixed: "new.one@office.example",
          use: "",
          who: "",
          facts: [],
        },
        {
          code: "taken",
          weight: "stop",
          row: 3,
          column: "address",
          cell: "B3",
          value: "li.lei",
          first: 0,
          fixed: "",
          use: "person",
          who: "Li Lei",
          facts: [],
        },
      ],
    };
    const { user } = openPage("/people/import", { office: o });
    await user.click(await screen.findByRole("button", { name: "Choose a file" }));
    const table = within(await screen.findByRole("table", { name: "What to look at" }));
    const rows = table.getAllByRole("row").map((r) => r.textContent);
    expect(rows[1]).toMatch(/B3.*li\.lei.*Li Lei has this address already/);
    expect(rows[2]).toMatch(/B2.*new\.one@office\.example will be used/);
    expect(screen.getByText("1 person will be created")).toBeTruthy();
    const there = within(screen.getByRole("table", { name: "People who are there" }));
    expect(there.getByText(/Clerk → Manager/)).toBeTruthy();
    await user.click(button("See the exact changes"));
    await user.click(await screen.findByRole("button", { name: "Do it" }));
    await screen.findByText("All done");
    expect(o.sent.map((c) => [c.kind, c.row])).toEqual([["person.create", 2]]);
  });
});
