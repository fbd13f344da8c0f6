import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { readDraft } from "@/features/move/draft";
import { button, card, openPage } from "@/test/page";

async function bothForms() {
  const page = openPage("/move/new");
  const from = await card("Move from");
  const to = await card("Move to");
  return { ...page, from, to };
}

describe("typing an address", () => {
  it("recognises the provider, says how, and fills in its server", async () => {
    const { user, from, world } = await bothForms();
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    expect(await from.findByText("Old provider")).toBeTruthy();
    expect(from.getByText(/recognised by its MX record \(mx\.old\.example\)/)).toBeTruthy();
    expect(readDraft().from.host).toBe("imap.old.example");
    expect(from.getByText(/Enter the app password here/)).toBeTruthy();
    expect(from.queryByRole("combobox", { name: "Incoming mail server (IMAP)" })).toBeNull();
    // One look-up for the whole address, not one a letter.
    expect(world.lookedUp).toEqual(["li.lei@old.example"]);
  });

  it("asks for the server where nothing was found, and keeps what a person entered", async () => {
    const { user, from } = await bothForms();
    await user.type(from.getByLabelText("E-mail address"), "li.lei@nowhere.example");
    expect(await from.findByText(/Nothing tells which provider nowhere\.example uses/)).toBeTruthy();
    await user.type(
      from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }),
      "mail.nowhere.example",
    );
    await user.clear(from.getByLabelText("E-mail address"));
    await user.type(from.getByLabelText("E-mail address"), "li.lei@new.example");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(readDraft().from.host).toBe("mail.nowhere.example");
  });

  it("lets the server that was found be changed", async () => {
    const { user, from } = await bothForms();
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.click(await from.findByRole("button", { name: "Change the server" }));
    const host = from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }) as HTMLInputElement;
    expect(host.value).toBe("imap.old.example");
  });
});

describe("a refused sign-in", () => {
  it("shows the likely causes with the provider's steps, and stops before a third try", async () => {
    const { user, from, world } = await bothForms();
    await user.type(from.getByLabelText("E-mail address"), "wrong@old.example");
    await user.type(from.getByLabelText("Password or app password"), "one");
    await waitFor(() => expect(readDraft().from.host).toBe("imap.old.example"));
    await user.click(from.getByRole("button", { name: "Other ways to read and sign in" }));
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    const trouble = within(await from.findByRole("alert"));
    expect(await trouble.findByText("Enter the app password, not the login password")).toBeTruthy();
    expect(trouble.getByText("Create an app password and enter it.")).toBeTruthy();
    expect(trouble.getByText("The password may be mistyped")).toBeTruthy();

    await user.click(trouble.getByRole("button", { name: "Try again" }));
    await user.click(await from.findByRole("button", { name: "Try again" }));
    await waitFor(() => expect(from.getByText("Please do not try again yet")).toBeTruthy());
    expect(from.queryByRole("button", { name: "Try again" })?.hasAttribute("disabled")).toBe(true);
    await user.click(from.getByRole("checkbox", { name: /I have done the steps/ }));
    await user.click(from.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(world.stepsDone).toEqual(["wrong@old.example"]));
  });
});

describe("one mailbox", () => {
  it("needs two addresses, two passwords and one click", async () => {
    const { user, from, to, client } = await bothForms();
    await user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await user.type(from.getByLabelText("Password or app password"), "one");
    await user.type(to.getByLabelText("E-mail address"), "li.lei@new.example");
    await user.type(to.getByLabelText("Password or app password"), "two");
    await waitFor(() => expect(readDraft().to.host).toBe("imap.new.example"));
    await user.click(button("Move this mailbox"));
    await waitFor(() => expect(window.location.hash).toMatch(/^#\/move\/\w+/));
    const [move] = await client.moves.list();
    expect(move?.state).toBe("running");
    expect(move?.mailboxes[0]?.from.host).toBe("imap.old.example");
    expect(move?.mailboxes[0]?.to.user).toBe("li.lei@new.example");
    expect(screen.queryByText("one")).toBeNull();
  });
});
