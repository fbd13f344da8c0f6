import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import type { Problem } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";
import { button, card, openPage } from "@/test/page";

const refused: Problem = {
  code: "unauthenticated",
  class: "needs-app-password",
  args: { host: "imap.old.example", side: "source" },
  server: "LOGIN failed",
};

/** A move of servers' mailboxes at work, where some were refused. */
function officeAtWork(people = 40, bad = 3): { world: FakeWorld; id: string } {
  const world = new FakeWorld();
  const end = (host: string, user: string) => ({
    kind: "imap" as const,
    side: "" as const,
    host,
    port: 993,
    security: "tls" as const,
    auth: "" as const,
    user,
    authz: "",
    secret: "move/x",
    pin: "",
    path: "",
  });
  const mailboxes = Array.from({ length: people }, (_, i) => ({
    label: `Person ${i}`,
    from: { ...world.office.people[0]?.from, ...end("imap.old.example", `p${i}@old.example`) },
    to: { ...world.office.people[0]?.to, ...end("imap.new.example", `p${i}@new.example`) },
  }));
  const { id } = world.create({ name: "", options: usualOptions, mailboxes: mailboxes as never });
  world.plan(id);
  world.tick();
  world.runs.fail(id, bad, refused);
  world.to(id, "running");
  world.messagesPerTick = 1;
  world.tick();
  return { world, id };
}

describe("a move of an office at work", () => {
  it("shows one cause once, and writes the steps to whom it hit", async () => {
    const { world, id } = officeAtWork();
    const { user } = openPage(`/move/${id}`, { world });
    const causes = await card(/What needs you/);
    expect(causes.getByText(/^3 people: /)).toBeTruthy();
    await user.click(causes.getByRole("button", { name: "Send them the steps…" }));
    const dialog = within(await screen.findByRole("dialog"));
    const text = dialog.getByRole("textbox", { name: "Text of the message" }) as HTMLTextAreaElement;
    await waitFor(() => expect(text.value).toContain("Create an app password"));
    await user.click(dialog.getByRole("button", { name: /Open a mail draft/ }));
    await waitFor(() => expect(world.mails).toHaveLength(1));
    expect(world.mails[0]?.to).toEqual(["p0@old.example", "p1@old.example", "p2@old.example"]);
    expect(world.mails[0]?.text).toContain("only you can take");
    expect(world.mails[0]?.text).not.toContain("admin console");
  });

  it("finds, filters and steers people, alone and together, by keyboard too", async () => {
    const { world, id } = officeAtWork();
    const { user } = openPage(`/move/${id}`, { world });
    const people = await screen.findByRole("table", { name: "Progress of the mailboxes" });
    await user.type(screen.getByRole("textbox", { name: "Find a person or address" }), "p17@old");
    await waitFor(() => expect(within(people).getAllByRole("row")).toHaveLength(2));
    await user.clear(screen.getByRole("textbox", { name: "Find a person or address" }));
    await waitFor(() => expect(within(people).getByRole("button", { name: "Person 5" })).toBeTruthy());

    within(people).getByRole("button", { name: "Person 5" }).focus();
    await user.keyboard(" {ArrowDown} ");
    expect(await screen.findByText("2 selected")).toBeTruthy();
    await user.click(button("Pause: Person 7"));
    await waitFor(() => expect(world.get(id).mailboxes[7]?.held).toBe(true));
    await user.click(screen.getByRole("button", { name: "Take out" }));
    await waitFor(() => expect(world.get(id).mailboxes[6]?.out).toBe(true));
    expect(world.get(id).mailboxes[5]?.out).toBe(true);
  });

  it("tries a new password once and goes on", async () => {
    const { world, id } = officeAtWork();
    const { user } = openPage(`/move/${id}`, { world });
    await screen.findByRole("table", { name: "Progress of the mailboxes" });
    await user.click(button("New password: Person 1"));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Password or app password"), "abcdefghijklmnop");
    await user.click(dialog.getByRole("button", { name: "Try and save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(world.get(id).mailboxes[1]?.state).toBe("queued");
    expect(world.kept).toEqual(["abcdefghijklmnop"]);
  });

  it("tells what happened, and who is away", async () => {
    const { world, id } = officeAtWork(3, 0);
    openPage(`/move/${id}`, { world });
    const happened = await card("What happened");
    world.runs.tell(id, "started", { run: "1" });
    world.runs.tell(id, "server_away", { host: "imap.old.example" });
    expect(await happened.findByText("imap.old.example stopped answering.")).toBeTruthy();
    expect(happened.getByText("The move began.")).toBeTruthy();
  });

  it("tells of the end elsewhere in the window", async () => {
    const { world, id } = officeAtWork(3, 0);
    openPage("/settings", { world });
    await screen.findByRole("heading", { name: "Settings", level: 1 });
    world.runs.tell(id, "finished", { copied: "12", run: "1", failed: "2" });
    await waitFor(() =>
      expect(world.notices.length + screen.queryAllByText(/not everything has arrived/).length).toBe(1),
    );
  });
});
