import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeOffice } from "@/api/fake/staff";
import { nobody } from "@/components/office/change";
import { button, openPage } from "@/test/page";

function office() {
  const o = new FakeOffice();
  o.directory.departments = [
    { id: "d1", parent: "", name: "Sales", remark: "", order: 0 },
    { id: "d2", parent: "d1", name: "East", remark: "", order: 0 },
  ];
  o.directory.people = ["Li Lei", "Han Meimei", "Lucy King"].map((name, i) => ({
    ...nobody(),
    id: `p${i}`,
    name,
    address: `${name.toLowerCase().replace(" ", ".")}@office.example`,
    title: "Clerk",
    departments: i === 2 ? [] : [i === 0 ? "d1" : "d2"],
  }));
  return o;
}

const open = (o: FakeOffice, hash = "/people") => openPage(hash, { office: o });

describe("people", () => {
  it("are narrowed down by department, status and text", async () => {
    const { user } = open(office());
    await screen.findByRole("table", { name: "People" });
    expect(screen.getByText("3 people")).toBeTruthy();
    await user.click(screen.getByRole("treeitem", { name: /East/ }));
    expect(screen.getByText("1 person")).toBeTruthy();
    await user.click(screen.getByRole("treeitem", { name: /Sales/ }));
    expect(screen.getByText("2 people")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /Without a department/ }));
    expect(screen.getByRole("button", { name: "Lucy King" })).toBeTruthy();
    await user.click(screen.getByRole("treeitem", { name: /Whole office/ }));
    await user.click(screen.getByRole("textbox", { name: /Search by name/ }));
    await user.paste("Han");
    await screen.findByText("1 person");
  });

  it("are those of whom the first page told, until everybody is asked for again", async () => {
    const { user } = open(office(), "/people/only/departments");
    await screen.findByRole("button", { name: "Lucy King" });
    expect(screen.queryByRole("button", { name: "Li Lei" })).toBeNull();
    await user.click(screen.getByRole("button", { name: /Active, without a department/ }));
    expect(screen.getByRole("button", { name: "Li Lei" })).toBeTruthy();
  });

  it("are read as fast as the provider lets, which is told and can be stopped", async () => {
    const o = office();
    o.reading = { refreshing: true, read: 2, began: Date.now() - 3_600_000 };
    open(o);
    await screen.findByText(/Reading, 2 of about 3 people, (30|31) min.* left/);
    expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
  });

  it("are told where their lists are refused, and nobody is sent to make a list that may be there", async () => {
    const o = office();
    const refused = { code: "forbidden", class: "", args: { part: "lists" }, server: "" } as const;
    o.directory.problem = refused;
    o.reading = { problem: refused };
    const { user } = open(o);
    await screen.findByText(/mailing lists could not be read/);
    expect(screen.getByText("3 people")).toBeTruthy();
    await user.click(screen.getByRole("link", { name: "Home" }));
    await screen.findByText(/mailing lists could not be read/);
    expect(screen.queryByText(/postmaster@/)).toBeNull();
    expect(screen.queryByText(/refuses/)).toBeNull();
  });

  it("are found from everywhere and opened by keyboard", async () => {
    const { user } = open(office(), "/settings");
    await screen.findByRole("heading", { level: 1 });
    await user.keyboard("{Control>}k{/Control}");
    await user.click(await screen.findByRole("combobox", { name: "Search" }));
    await user.paste("Han");
    await screen.findByRole("option", { name: /Han Meimei/ });
    await user.keyboard("{Enter}");
    await screen.findByText("Details of Han Meimei");
    expect(window.location.hash).toBe("#/people/person/p1");
  });

  it("are changed only after what will be done was shown", async () => {
    const o = office();
    const { user } = open(o);
    await user.click(await screen.findByRole("button", { name: "Li Lei" }));
    await user.click(await screen.findByRole("button", { name: "Change" }));
    const title = await screen.findByLabelText("Job title");
    await user.clear(title);
    await user.paste("Boss");
    await user.click(button("See what changes"));
    await screen.findByText("What will be done");
    expect(o.sent).toEqual([]);
    await user.click(button("Do it"));
    await screen.findByText("All done");
    expect(o.sent.map((c) => [c.kind, c.target, c.set, c.person?.title])).toEqual([
      ["person.update", "p0", ["title"], "Boss"],
    ]);
    expect(o.sent[0]?.seen).toEqual([{ attr: "title", values: ["Clerk"] }]);
  });

  it("show both versions where somebody else was quicker", async () => {
    const o = office();
    o.refuses = ["li.lei@office.example"];
    const { user } = open(o);
    await user.click(await screen.findByRole("button", { name: "Li Lei" }));
    await user.click(await screen.findByRole("button", { name: "Suspend" }));
    await screen.findByText("As you saw it");
    expect(screen.getByText("As the provider has it")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Do it" })).toBeNull();
    expect(o.sent).toEqual([]);
  });

  it("are deleted when the address was typed, and not before", async () => {
    const o = office();
    const { user } = open(o);
    await user.click(await screen.findByRole("button", { name: "Li Lei" }));
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    await user.click(await screen.findByRole("radio", { name: /Delete with all mail/ }));
    await user.click(button("See what changes"));
    const go = await screen.findByRole("button", { name: "Do it" });
    expect((go as HTMLButtonElement).disabled).toBe(true);
    await user.click(screen.getByLabelText(/Type “li.lei@office.example”/));
    await user.paste("li.lei@office.example");
    await user.click(go);
    await screen.findByText("All done");
    expect(o.typed).toBe("li.lei@office.example");
    expect(o.sent.map((c) => c.kind)).toEqual(["person.delete"]);
  });

  it("have grey buttons with the reason where the office cannot", async () => {
    const o = office();
    o.cannot = { "people.signInLink": "needs_key", "people.deleteKeeping": "not_in_api" };
    const { user } = open(o);
    await user.click(await screen.findByRole("button", { name: "Li Lei" }));
    const mailbox = await screen.findByRole("button", { name: "Open mailbox" });
    await waitFor(() => expect(mailbox.title).toMatch(/keys given/));
    expect(mailbox.getAttribute("aria-disabled")).toBe("true");
    await user.click(button("Delete"));
    const keep = await screen.findByRole("radio", { name: /hand the mail to a colleague/ });
    expect((keep as HTMLInputElement).disabled).toBe(true);
    expect(keep.closest("label")?.textContent).toMatch(/Tencent Exmail has no public API/);
  });
});

describe("departments", () => {
  it("are walked and renamed by keys", async () => {
    const o = office();
    const { user } = open(o);
    const root = await screen.findByRole("treeitem", { name: /Whole office/ });
    root.focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toMatch(/Sales/);
    await user.keyboard("{ArrowLeft}");
    expect(screen.queryByRole("treeitem", { name: /East/ })).toBeNull();
    await user.keyboard("{ArrowRight}{F2}");
    const name = await screen.findByLabelText("Name");
    await user.clear(name);
    await user.paste("Trade");
    await user.keyboard("{Enter}");
    await user.click(await screen.findByRole("button", { name: "Do it" }));
    await screen.findByText("All done");
    expect(o.sent.map((c) => [c.kind, c.target, c.department?.name])).toEqual([
      ["department.update", "d1", "Trade"],
    ]);
  });

  it("take in people who are dragged to them by any part of their row, all who are marked", async () => {
    const o = office();
    const { user } = open(o);
    const row = (await screen.findByText("lucy.king@office.example")).closest<HTMLElement>("[role=row]");
    const mobile = row?.querySelector<HTMLElement>("[role=cell]:nth-child(5)");
    expect(row?.draggable).toBe(true);
    const held = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, value: string) => held.set(type, value),
      getData: (type: string) => held.get(type) ?? "",
    };
    fireEvent.dragStart(mobile as HTMLElement, { dataTransfer });
    expect([...held.values()]).toEqual(['["p2"]']);
    await user.click(screen.getByRole("checkbox", { name: /Han Meimei/ }));
    await user.click(screen.getByRole("checkbox", { name: /Lucy King/ }));
    fireEvent.dragStart(mobile as HTMLElement, { dataTransfer });
    const sales = screen.getByRole("treeitem", { name: /Sales/ });
    fireEvent.dragOver(sales, { dataTransfer });
    fireEvent.drop(sales, { dataTransfer });
    await user.click(await screen.findByRole("button", { name: "Do these 2 changes" }));
    await screen.findByText("All done");
    expect(o.sent.map((c) => [c.kind, c.target]).sort()).toEqual([
      ["person.update", "p1"],
      ["person.update", "p2"],
    ]);
  });

  it("are deleted once it is decided where their people go", async () => {
    const o = office();
    const { user } = open(o);
    const east = await screen.findByRole("treeitem", { name: /East/ });
    await user.click(east);
    east.focus();
    await user.keyboard("{Delete}");
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/1 person is in it/)).toBeTruthy();
    expect((dialog.getByRole("button", { name: "See what changes" }) as HTMLButtonElement).disabled).toBe(
      true,
    );
  });
});
