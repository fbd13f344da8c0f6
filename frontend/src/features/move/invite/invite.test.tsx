import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import type { Endpoint } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";
import { button, openPage } from "@/test/page";

const server = (host: string, user: string, secret: string) =>
  ({
    kind: "imap",
    host,
    user,
    authz: "",
    auth: "",
    path: "",
    port: 993,
    security: "tls",
    secret,
  }) as Endpoint;

function officeMove(world: FakeWorld, self = false, secret = "h1") {
  const mailboxes = ["Li Lei", "Han Meimei"].map((label) => {
    const user = label.toLowerCase().replace(" ", ".");
    return {
      label,
      from: server("imap.old.example", `${user}@old.example`, secret),
      to: server("imap.new.example", `${user}@new.example`, secret),
      self: self && label === "Han Meimei",
    };
  });
  return world.create({ name: "", mailboxes, options: usualOptions });
}

describe("inviting people", () => {
  it("makes files for those who are chosen, with a letter that names the digits", async () => {
    const world = new FakeWorld();
    const { id } = officeMove(world);
    world.to(id, "paused");
    const { user } = openPage(`/move/${id}`, { world });
    await user.click(await screen.findByRole("button", { name: "Invite people…" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByRole<HTMLButtonElement>("button", { name: /Save the files/ }).disabled).toBe(true);
    await user.click(dialog.getByRole("checkbox", { name: "Han Meimei" }));
    await user.click(dialog.getByRole("button", { name: /Save the files/ }));
    expect(await screen.findByText("/home/li/invitations")).toBeTruthy();
    expect(screen.getByDisplayValue(/Dear Han Meimei,[\s\S]*4821 0937 5512 7340/)).toBeTruthy();
  });
});

describe("somebody who moves by themselves", () => {
  it("is waited for in the table, and invited from the row", async () => {
    const world = new FakeWorld();
    const { id } = officeMove(world, true);
    world.to(id, "paused");
    const { user } = openPage(`/move/${id}`, { world });
    expect(await screen.findByText("Not invited yet")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Invite…: Han Meimei" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByRole<HTMLInputElement>("checkbox", { name: "Han Meimei" }).checked).toBe(true);
    await user.click(dialog.getByRole("button", { name: "As text to paste" }));
    await user.click(await screen.findByRole("button", { name: "Done" }));
    expect(await screen.findByText("Invited, waiting for them")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Invite people…" }));
    await user.click(await screen.findByRole("button", { name: "Withdraw the invitation of Han Meimei" }));
    expect(await screen.findByText(/the result they send is no longer accepted here/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Withdraw the invitation" }));
    await waitFor(() => expect(world.get(id).mailboxes[1]?.self).toBe(false));
    await waitFor(() => expect(screen.getAllByText("moved by you").length).toBe(2));
  });

  it("is taken back in the list of people if the office has no password", async () => {
    const world = new FakeWorld();
    const { id } = officeMove(world, true, "");
    world.to(id, "paused");
    const { user } = openPage(`/move/${id}`, { world });
    await user.click(await screen.findByRole("button", { name: "Invite…: Han Meimei" }));
    await user.click(await screen.findByRole("button", { name: "As text to paste" }));
    await user.click(await screen.findByRole("button", { name: "Done" }));
    await user.click(await screen.findByRole("button", { name: "Invite people…" }));
    await user.click(await screen.findByRole("button", { name: "Withdraw the invitation of Han Meimei" }));
    await user.click(await screen.findByRole("button", { name: "To the list of people" }));
    expect(await screen.findByRole("table", { name: "Mailboxes to move" })).toBeTruthy();
    const choice = screen.getByRole<HTMLInputElement>("checkbox", { name: /^Row 2: they enter/ });
    expect(choice.checked).toBe(true);
  });
});

describe("a person who was invited", () => {
  it("sees only the own move, types two passwords and saves the result", async () => {
    const world = new FakeWorld();
    const { user, tick } = openPage("/", { world });
    await user.click(await screen.findByRole("button", { name: /I was invited/ }));
    await user.type(await screen.findByRole("textbox"), "no");
    await user.click(button("Open the text"));
    expect(await screen.findByText("This is not an invitation, or only a part of one.")).toBeTruthy();
    await user.type(screen.getByRole("textbox"), " an invitation");
    await user.click(button("Open the text"));
    expect(await screen.findByRole("heading", { level: 1, name: /李雷/ })).toBeTruthy();
    expect(screen.queryByRole("navigation")).toBeNull();

    const [old, fresh] = screen.getAllByLabelText("Password (or app password)");
    if (!old || !fresh) throw new Error("two passwords are asked for");
    await user.type(old, "one");
    await user.type(fresh, "two");
    await user.click(button("Check and start"));
    expect(await screen.findByRole("progressbar", { name: "Progress" })).toBeTruthy();
    world.messagesPerTick = 100_000;
    await tick(4);
    await user.click(await screen.findByRole("button", { name: "Save the result…" }));
    expect(await screen.findByText("Saved to /home/li/result.mailroom")).toBeTruthy();
    await user.click(button("Use all of Mailroom"));
    expect(await screen.findByRole("navigation")).toBeTruthy();
  });
});
