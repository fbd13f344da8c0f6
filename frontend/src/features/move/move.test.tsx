import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import type { MoveDraftInput } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";
import { button, card, openPage } from "@/test/page";

function practiceInput(world: FakeWorld, people = 3): MoveDraftInput {
  const mailboxes = world.office.people
    .slice(0, people)
    .map((p) => ({ label: p.englishName, from: p.from, to: p.to }));
  return { name: "", options: usualOptions, mailboxes };
}

/** A world with one practice move that ended with two messages left behind. */
function endedWorld(): FakeWorld {
  const world = new FakeWorld();
  const { id } = world.create(practiceInput(world, 5));
  world.plan(id);
  world.tick();
  world.to(id, "running");
  world.messagesPerTick = 5000;
  for (let i = 0; i < 5; i++) world.tick();
  return world;
}

describe("a practice move", () => {
  it("goes from the first step to the proof without an account", async () => {
    const { user, tick, world } = openPage("/");
    await user.click(await screen.findByRole("button", { name: /Try it on the practice office/ }));
    const people = await screen.findByRole("table", { name: "Mailboxes to move" });
    await waitFor(() => expect(within(people).getAllByRole("checkbox", { checked: true }).length).toBe(13));
    await user.click(within(people).getByRole("checkbox", { name: "Meimei Han" }));
    await user.click(button("Next: Folders"));
    await screen.findByText(/Checking: 0 of 11 mailboxes/);
    await tick();
    const folders = await screen.findByRole("table", { name: "Folder map" });
    expect(within(folders).getByText("客户/华东").closest("[role=row]")?.textContent).toContain("11 of 11");
    await user.click(button("Next: Dry run"));

    const figures = await card("What the dry run found");
    expect(figures.getByText("Will not fit").nextElementSibling?.textContent).toContain("2");
    await user.click(button("Next: When"));
    await user.click(await screen.findByRole("button", { name: "Start moving" }));
    await tick();
    expect(await screen.findByRole("progressbar", { name: "Progress" })).toBeTruthy();

    world.messagesPerTick = 5000;
    await tick(8);
    expect(await screen.findByText("Done, 2 messages could not be moved")).toBeTruthy();
    expect(await screen.findByRole("table", { name: "Messages left behind" })).toBeTruthy();
    await user.click(button("Save the certificate…"));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("checkbox", { name: /the 2 messages left behind/ }));
    await user.click(dialog.getByRole("button", { name: "Choose where…" }));
    expect(await dialog.findByText("/home/li/move.pdf")).toBeTruthy();
    expect(await dialog.findByText(/2 messages that were left behind are saved/)).toBeTruthy();
  });

  it("can be paused and goes on; it is offered at home after an interruption", async () => {
    const world = new FakeWorld();
    const { id } = world.create(practiceInput(world));
    world.plan(id);
    world.tick();
    world.to(id, "running");
    const { user, go } = openPage(`/move/${id}`, { world });
    await user.click(await screen.findByRole("button", { name: /Pause/ }));
    expect(await screen.findByText("Paused.")).toBeTruthy();

    world.to(id, "interrupted");
    await go("/");
    const stopped = await screen.findByRole("heading", { name: "Stopped halfway" });
    expect(stopped.parentElement?.textContent).toContain("Practice office · 3 mailboxes");
    await go(`/move/${id}`);
    await user.click(await screen.findByRole("button", { name: /Continue/ }));
    await waitFor(() => expect(world.get(id).state).toBe("running"));
  });
});

describe("the folder map", () => {
  it("takes another name and leaves a folder out", async () => {
    const world = new FakeWorld();
    const { id } = world.create(practiceInput(world, 1));
    world.plan(id);
    world.tick();
    const { user, go } = openPage(`/move/${id}`, { world });
    await screen.findByRole("table", { name: "Dry run by person" });
    await go(window.location.hash.slice(1).replace(/check$/, "folders"));
    const map = await screen.findByRole("table", { name: "Folder map" });
    const target = within(map).getByRole("textbox", { name: "New folder for “Projects/Q3 report”" });
    await user.clear(target);
    await user.type(target, "Archive/Q3{Enter}");
    const mailbox = world.get(id).mailboxes[0]?.id ?? "";
    const folder = () => world.folders(id, mailbox).find((f) => f.source === "Projects/Q3 report");
    await waitFor(() => expect(folder()?.target).toBe("Archive/Q3"));

    await user.click(within(map).getByRole("checkbox", { name: "Move “垃圾邮件”" }));
    await waitFor(() => expect(within(map).getAllByText("Not moved").length).toBe(2));
    expect(folder()?.target).toBe("Archive/Q3");
    await user.click(button("Back to the proposal"));
    await waitFor(() => expect(folder()?.target).toBe("Projects/Q3 report"));
  });
});

describe("what was left behind", () => {
  it("is listed with its reason and the server's own words", async () => {
    const { user } = openPage("/move/m1", { world: endedWorld() });
    const list = await screen.findByRole("table", { name: "Messages left behind" });
    const reasons = await within(list).findAllByRole("button", { name: "Too large for the new mailbox." });
    expect(reasons.length).toBe(2);
    await user.click(reasons[0] as HTMLElement);
    expect(await screen.findByText("[TOOBIG] Message exceeds maximum fixed size")).toBeTruthy();
  });
});

describe("undo", () => {
  it("needs the number of messages to be typed, and then deletes exactly those", async () => {
    const world = endedWorld();
    const { user } = openPage("/move/m1", { world });
    const { stored } = world.get("m1");
    await user.click(await screen.findByRole("button", { name: "Undo this move…" }));
    const dialog = within(await screen.findByRole("dialog"));
    const undo = dialog.getByRole("button", { name: /^Delete these/ });
    expect((undo as HTMLButtonElement).disabled).toBe(true);
    await user.type(dialog.getByRole("textbox"), String(stored - 1));
    expect((undo as HTMLButtonElement).disabled).toBe(true);
    await user.clear(dialog.getByRole("textbox"));
    await user.type(dialog.getByRole("textbox"), stored.toLocaleString("en"));
    await user.click(undo);
    expect(await screen.findByText("The move was undone")).toBeTruthy();
    expect(screen.getByText(/^The undo deleted [\d,]+ messages\.$/)).toBeTruthy();
    expect(world.get("m1").stored).toBe(0);
    // Nothing of it is there any more: what is new since would be all.
    expect(screen.getByRole("button", { name: "Move it all again" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Bring what is new" })).toBeNull();
  });
});
