import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import { type Draft, emptyDraft, emptySide, readDraft } from "@/features/move/draft";
import { draftFrom, keptOf, planMark, titleOf } from "@/features/move/wizard/keep";
import { button, card, openPage } from "@/test/page";

function serverDraft(part: Partial<Draft> = {}): Draft {
  const side = (host: string) => ({ ...emptySide(), host });
  return {
    ...emptyDraft("imap"),
    id: "d1",
    touched: true,
    step: "people",
    from: side("imap.old.example"),
    to: side("imap.new.example"),
    ...part,
  };
}

function worldWith(draft: Draft): FakeWorld {
  const world = new FakeWorld();
  world.drafts.save(keptOf(draft));
  return world;
}

const rows = [
  "李雷\tli.lei＠old.example\tone\tli.lei@new.example\ttwo",
  "han.meimei@old.example\tthree\than.meimei@new.example\tfour",
].join("\n");

describe("a draft", () => {
  it("is listed with its step and found again where it was left", async () => {
    const { user, world } = openPage("/move", { world: worldWith(serverDraft()) });
    expect(await screen.findByText("Draft, step 3 of 6: People")).toBeTruthy();
    await user.click(screen.getByRole("link", { name: /imap.old.example/ }));
    expect(await screen.findByRole("table", { name: "Mailboxes to move" })).toBeTruthy();
    expect(readDraft().from.host).toBe("imap.old.example");

    await user.click(
      within(screen.getByRole("navigation", { name: "Steps of this move" })).getByRole("link", {
        name: /^To/,
      }),
    );
    await waitFor(() => expect(world.drafts.list()[0]?.step).toBe(2));
    expect(window.location.hash).toMatch(/\/to$/);
  });

  it("goes back to the first step that lacks something", async () => {
    const world = worldWith(serverDraft({ from: emptySide() }));
    const { user } = openPage("/move/draft/d1/people", { world });
    await screen.findByRole("region", { name: "Move from" });
    await user.click(button("Next: New provider"));
    expect(await screen.findByText("The server’s address is missing.")).toBeTruthy();
  });

  it("that is gone says so", async () => {
    openPage("/move/draft/nothing/people");
    expect(await screen.findByText("This draft is no longer here")).toBeTruthy();
  });

  it("can be removed, and its move with it", async () => {
    const { user, world } = openPage("/move", { world: worldWith(serverDraft()) });
    await user.click(await screen.findByRole("button", { name: /^Remove the draft/ }));
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(world.drafts.list()).toEqual([]));
  });

  it("is kept without a typed password, and read with what it did not know", () => {
    const person = {
      key: "p1",
      label: "",
      from: { user: "a@old.example", password: { typed: "hunter2", handle: "h1" }, path: "" },
      to: { user: "a@new.example", password: { typed: "hunter3", handle: "" }, path: "" },
    };
    const kept = keptOf(serverDraft({ people: [person] }));
    expect(kept.document).not.toMatch(/hunter/);
    expect(kept.handles).toEqual(["h1"]);
    expect(kept.head).toMatchObject({ step: 3, steps: 6, title: "old.example → new.example", people: 1 });
    const old = draftFrom({ ...kept, document: '{"step":"nowhere","from":{"host":"x"}}' });
    expect(old).toMatchObject({ id: "d1", step: "from", people: [], from: { host: "x", ca: "" } });
    expect(titleOf(emptyDraft("practice"))).toBe("practice");
  });

  it("asks for a new dry run only when it would see something else", () => {
    const draft = serverDraft();
    const mark = planMark(draft);
    expect(planMark({ ...draft, step: "check", allowed: ["x"] })).toBe(mark);
    expect(planMark({ ...draft, options: { ...draft.options, verify: "bytes" } })).toBe(mark);
    expect(planMark({ ...draft, options: { ...draft.options, exclude: ["a"] } })).not.toBe(mark);
    expect(planMark({ ...draft, to: { ...draft.to, host: "mail.new.example" } })).not.toBe(mark);
  });
});

describe("the people", () => {
  it("are pasted into the table, corrected with one click, and tried all at once", async () => {
    const world = worldWith(serverDraft());
    const { user } = openPage("/move/draft/d1/people", { world });
    const table = await screen.findByRole("table", { name: "Mailboxes to move" });
    fireEvent.paste(table, { clipboardData: { getData: () => rows } });
    await waitFor(() => expect(readDraft().people.map((p) => p.label)).toEqual(["李雷", ""]));
    expect(world.kept).toEqual(["one", "two", "three", "four"]);

    await user.click(await screen.findByRole("button", { name: /Accept 1 correction/ }));
    await waitFor(() => expect(readDraft().people[0]?.from.user).toBe("li.lei@old.example"));
    await user.click(button("Test all sign-ins"));
    expect(await screen.findByText("All 4 sign-ins work")).toBeTruthy();
    await user.click(button(/Next: Folders$/));
    await waitFor(() => expect(world.list()[0]?.mailboxes.length).toBe(2));
    expect(readDraft().moveId).toBe(world.list()[0]?.id);
  });

  it("say what is missing and where, before anything is sent", async () => {
    const world = worldWith(serverDraft());
    const { user } = openPage("/move/draft/d1/people", { world });
    await user.click(await screen.findByRole("button", { name: /Next: Folders$/ }));
    expect(await screen.findByText("Nobody is in the list yet.")).toBeTruthy();
    await user.type(await screen.findByRole("textbox", { name: "Row 1, Old mailbox" }), "li.lei@old.example");
    await user.click(await screen.findByRole("button", { name: /Next: Folders$/ }));
    expect(await screen.findByText(/^3 cells are still to be filled in. The first: row 1, /)).toBeTruthy();
    expect(world.list()).toEqual([]);
  });

  it("need no password here if they enter it themselves", async () => {
    const world = worldWith(serverDraft());
    const { user, tick } = openPage("/move/draft/d1/people", { world });
    const table = await screen.findByRole("table", { name: "Mailboxes to move" });
    fireEvent.paste(table, { clipboardData: { getData: () => rows.replace("\tthree", "\t") } });
    await waitFor(() => expect(readDraft().people.length).toBe(2));
    await user.click(await screen.findByRole("button", { name: /Accept 1 correction/ }));
    await user.click(await screen.findByRole("button", { name: /^1 person without a password/ }));
    expect(await screen.findByText(/^1 person enters the passwords themselves/)).toBeTruthy();
    expect(readDraft().people.map((p) => p.self)).toEqual([undefined, true]);
    await user.click(button(/Next: Folders$/));
    await waitFor(() => expect(world.list()[0]?.mailboxes.map((m) => m.self)).toEqual([undefined, true]));
    await tick(2);
    await user.click(await screen.findByRole("button", { name: /Next: Dry run$/ }));
    expect(
      await screen.findByText("Not looked at: this person signs in on their own computer."),
    ).toBeTruthy();
    expect(screen.getByText(/^1 person was not looked at/)).toBeTruthy();
  });

  it("whose sign-in is refused are grouped by the cause", async () => {
    const world = worldWith(serverDraft());
    const { user } = openPage("/move/draft/d1/people", { world });
    const table = await screen.findByRole("table", { name: "Mailboxes to move" });
    const refused = rows.replace("li.lei＠old", "wrong1@old").replace("han.meimei@old", "wrong2@old");
    fireEvent.paste(table, { clipboardData: { getData: () => refused } });
    await waitFor(() => expect(readDraft().people.length).toBe(2));
    await user.click(button("Test all sign-ins"));
    await user.click(
      await screen.findByRole("button", { name: "2 mailboxes: An app password is needed here." }),
    );
    expect(await screen.findByText("wrong1@old.example; wrong2@old.example")).toBeTruthy();
  });
});

describe("the folder plan", () => {
  it("holds for everybody, with an exception for one", async () => {
    const world = new FakeWorld();
    const mailboxes = world.office.people
      .slice(0, 3)
      .map((p) => ({ label: p.englishName, from: p.from, to: p.to }));
    const { id } = world.create({ name: "", options: emptyDraft().options, mailboxes });
    world.plan(id);
    world.tick();
    const { user, go } = openPage(`/move/${id}`, { world });
    await screen.findByRole("table", { name: "Dry run by person" });
    await go(window.location.hash.slice(1).replace(/check$/, "folders"));
    const map = await screen.findByRole("table", { name: "Folder map" });
    expect(within(map).getByText("已发送").closest("[role=row]")?.textContent).toContain("3 of 3");
    await user.click(screen.getByRole("checkbox", { name: "Leave out junk mail" }));
    await waitFor(() => expect(within(map).getAllByText("Not moved").length).toBe(2));
    expect(world.get(id).options.folderRules).toEqual([{ source: "", role: "junk", skip: true, target: "" }]);
    expect(readDraft().options.folderRules.length).toBe(1);
  });
});

describe("the start", () => {
  it("waits until the move knows what was chosen last", async () => {
    const world = new FakeWorld();
    const mailboxes = world.office.people
      .slice(0, 1)
      .map((p) => ({ label: p.englishName, from: p.from, to: p.to }));
    const { id } = world.create({ name: "", options: emptyDraft().options, mailboxes });
    world.plan(id);
    world.tick();
    const { go } = openPage(`/move/${id}`, { world });
    await screen.findByRole("table", { name: "Dry run by person" });
    const speed = screen.getByLabelText("Speed limit");
    fireEvent.change(speed, { target: { value: "2" } });
    await go(window.location.hash.slice(1).replace(/check$/, "when"));
    await screen.findByText("When to move");
    expect(screen.getByLabelText<HTMLInputElement>("Speed limit").value).toBe("2.00");
    fireEvent.change(screen.getByLabelText("Speed limit"), { target: { value: "3" } });
    fireEvent.click(button("Start moving"));
    await waitFor(() => expect(world.get(id).state).not.toBe("planned"));
    expect(world.get(id).options.bytesPerSecond).toBe(3 * 1024 * 1024);
  });
});

describe("a new move", () => {
  it("after a rehearsal begins with the choice again", async () => {
    const { user, go } = openPage("/");
    await user.click(await screen.findByRole("button", { name: /Try it on the practice office/ }));
    await waitFor(() => expect(window.location.hash).toMatch(/\/move\/draft\/.*\/people$/));
    expect(readDraft().from.kind).toBe("practice");
    await go("/move/new");
    expect(await card("One mailbox")).toBeTruthy();
    expect(readDraft().from.kind).toBe("imap");
  });
});

describe("one mailbox", () => {
  it("says what is missing, and why a sign-in is refused", async () => {
    const { user, world } = openPage("/move/new");
    await user.click(await screen.findByRole("button", { name: "Move this mailbox" }));
    expect(await screen.findByText("Old mailbox: The address is missing.")).toBeTruthy();
    const from = await card("Move from");
    const to = await card("Move to");
    await user.type(from.getByLabelText("E-mail address"), "wrong@old.example");
    await user.type(from.getByLabelText("Password or app password"), "one");
    await user.type(to.getByLabelText("E-mail address"), "li.lei@new.example");
    await user.type(to.getByLabelText("Password or app password"), "two");
    await waitFor(() => expect(readDraft().to.host).toBe("imap.new.example"));
    await user.click(button("Move this mailbox"));
    expect((await screen.findAllByText("An app password is needed here.")).length).toBeGreaterThan(0);
    expect(world.list()).toEqual([]);
  });

  it("can be taken on into the steps", async () => {
    const { user } = openPage("/move/new");
    const from = await card("Move from");
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.click(button("More choices, step by step"));
    await waitFor(() => expect(window.location.hash).toMatch(/\/move\/draft\/.*\/from$/));
    expect(readDraft().people[0]?.from.user).toBe("li.lei@old.example");
  });
});
