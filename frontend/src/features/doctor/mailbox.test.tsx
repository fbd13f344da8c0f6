import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetAll } from "@/lib/memory";
import { button, openPage } from "@/test/page";

beforeEach(() => forgetAll());

describe("a message from a mailbox", () => {
  it("is chosen from what came back, and explained", async () => {
    const { user } = openPage("/doctor/bounce");
    await user.click(await screen.findByRole("button", { name: "Choose from a mailbox" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByRole("textbox", { name: "E-mail address" }), "li@office.example");
    await user.type(dialog.getByLabelText("Password or app password"), "rosenrot-7");
    await user.click(dialog.getByRole("button", { name: "List the messages" }));
    const list = within(await dialog.findByRole("list", { name: "Messages to choose from" }));
    expect(list.queryByText("Lunch")).toBeNull();
    await user.click(list.getByRole("button", { name: /Undelivered Mail/ }));
    expect(await screen.findByText("There is no such mailbox")).toBeTruthy();
  });

  it("is listed once the person has compared and trusts the certificate", async () => {
    const { user } = openPage("/doctor/header");
    await user.click(await screen.findByRole("button", { name: "Choose from a mailbox" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByRole("textbox", { name: "E-mail address" }), "li@office.example");
    await user.type(dialog.getByLabelText("Password or app password"), "rosenrot-7");
    await user.click(dialog.getByText("Servers"));
    const host = dialog.getByRole("textbox", { name: /IMAP/ });
    await user.clear(host);
    await user.type(host, "self-signed.example");
    await user.click(dialog.getByRole("button", { name: "List the messages" }));
    await user.click(await dialog.findByRole("button", { name: /certificate/i }));
    await user.click(await screen.findByRole("checkbox", { name: /compared/i }));
    await user.click(button("Trust this certificate"));
    const list = within(await dialog.findByRole("list", { name: "Messages to choose from" }));
    await user.click(list.getByRole("button", { name: /Lunch/ }));
    expect(await screen.findByText("Filters take this for junk")).toBeTruthy();
    expect(screen.getByText("Subject stands there twice.")).toBeTruthy();
  });
});

describe("an examination with a sign-in", () => {
  it("hands the mailbox in, and only then", async () => {
    const { user } = openPage("/doctor");
    await user.type(
      await screen.findByRole("textbox", { name: "Domain or e-mail address" }),
      "office.example",
    );
    await user.click(screen.getByText("More about this domain"));
    await user.click(screen.getByRole("checkbox", { name: "Sign in to a mailbox too" }));
    await user.type(screen.getByRole("textbox", { name: "E-mail address" }), "li@office.example");
    await user.type(screen.getByLabelText("Password or app password"), "rosenrot-7");
    await user.click(button("Check"));
    expect(await screen.findByText("Signed in to imap.office.example.")).toBeTruthy();
    await user.click(screen.getByRole("checkbox", { name: "Sign in to a mailbox too" }));
    await user.click(button("Check again"));
    await screen.findByText("There is no SPF record.");
    await waitFor(() => expect(screen.queryByText(/Signed in to/)).toBeNull());
  });
});
