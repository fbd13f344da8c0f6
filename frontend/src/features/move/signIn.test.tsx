import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import { emptyDraft, readDraft } from "@/features/move/draft";
import { endpointOf } from "@/features/move/draftInput";
import { keptOf } from "@/features/move/wizard/keep";
import { card, openPage } from "@/test/page";

async function serverForm(options = {}) {
  const world = new FakeWorld();
  world.drafts.save(keptOf({ ...emptyDraft("imap"), id: "d1" }));
  const page = openPage("/move/draft/d1/from", { world, ...options });
  const from = await card("Move from");
  return { ...page, from };
}

describe("a tested sign-in", () => {
  it("that is refused is explained in plain words, the server's own folded beneath", async () => {
    const { user, from } = await serverForm();
    await user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "imap.old.example");
    await user.type(from.getByLabelText("E-mail address"), "wrong@old.example");
    await user.type(from.getByLabelText("Password or app password"), "hunter2");
    await user.click(from.getByRole("button", { name: "Test sign-in" }));

    const trouble = within(await from.findByRole("alert"));
    expect(trouble.getByText("An app password is needed here.")).toBeTruthy();
    expect(await trouble.findByText(/Create an app password/)).toBeTruthy();
    expect(trouble.getByText("LOGIN Login error password error").closest("details")?.open).toBe(false);
    expect(trouble.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  it("says what is wrong with the address of the server", async () => {
    const { user, from } = await serverForm();
    await user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "missing.example");
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.type(from.getByLabelText("Password or app password"), "secret");
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    expect(await from.findByText("No connection to missing.example.")).toBeTruthy();
    expect(from.getByText("There is no server by that name.")).toBeTruthy();
  });

  it("with an unknown certificate shows its fingerprint, and trusts only that one", async () => {
    const { user, from } = await serverForm();
    await user.type(
      from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }),
      "self-signed.example",
    );
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.type(from.getByLabelText("Password or app password"), "secret");
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    await user.click(await from.findByRole("button", { name: "View the certificate" }));

    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(Array(32).fill("3F").join(":"))).toBeTruthy();
    const trust = dialog.getByRole("button", { name: "Trust this certificate" });
    expect((trust as HTMLButtonElement).disabled).toBe(true);
    await user.click(dialog.getByRole("checkbox"));
    await user.click(trust);
    expect(await from.findByText(/Signed in: 9 folders/)).toBeTruthy();
    expect(readDraft().from.pin).toBe("3f".repeat(32));
  });
});

describe("passwords", () => {
  it("go into the vault, and only a handle is handed over", async () => {
    const { user, from, world } = await serverForm();
    await user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "imap.old.example");
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.type(from.getByLabelText("Password or app password"), "hunter2");
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    await from.findByText(/Signed in/);

    expect(world.kept).toEqual(["hunter2"]);
    const draft = readDraft();
    expect(JSON.stringify(draft)).not.toContain("hunter2");
    const [person] = draft.people;
    if (!person) throw new Error("a person expected");
    expect(endpointOf(draft, "from", person).secret).toBe("handle-1");
  });

  it("ask for a passphrase first where no keychain answers", async () => {
    const { user, from, world } = await serverForm({ vault: "missing" });
    await user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "imap.old.example");
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.type(from.getByLabelText("Password or app password"), "hunter2");
    await user.click(from.getByRole("button", { name: "Test sign-in" }));

    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Passphrase"), "long enough");
    await user.type(dialog.getByLabelText("Once more"), "long enough");
    expect(world.kept).toEqual([]);
    await user.click(dialog.getByRole("button", { name: "Set passphrase" }));
    expect(await from.findByText(/Signed in/)).toBeTruthy();
    expect(world.kept).toEqual(["hunter2"]);
  });
});

describe("what was entered", () => {
  it("is still there after looking at another page", async () => {
    const { user, from, go } = await serverForm();
    await user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "imap.old.example");
    await go("/people");
    await screen.findByRole("heading", { name: "People", level: 1 });
    await go("/move");
    await user.click(await screen.findByRole("link", { name: /imap.old.example/ }));
    const again = await card("Move from");
    await waitFor(() =>
      expect(
        (again.getByRole("combobox", { name: "Incoming mail server (IMAP)" }) as HTMLInputElement).value,
      ).toBe("imap.old.example"),
    );
  });
});
