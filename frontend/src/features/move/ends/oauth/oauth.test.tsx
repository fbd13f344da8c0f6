import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { readDraft } from "@/features/move/draft";
import { endpointOf } from "@/features/move/draftInput";
import { button, card, openPage } from "@/test/page";

const google = {
  id: "",
  name: "Our Google",
  vendor: "google",
  tenant: "",
  clientId: "client",
  secret: "handle",
  keyFile: "/key.json",
} as const;
const microsoft = {
  ...google,
  name: "Our Microsoft",
  vendor: "microsoft",
  tenant: "old.example",
  keyFile: "",
} as const;

async function gmailForm(prepare: (p: ReturnType<typeof openPage>) => void = () => undefined) {
  const page = openPage("/move/new");
  prepare(page);
  const from = await card("Move from");
  await page.user.click(from.getByRole("button", { name: "Enter the server myself" }));
  await page.user.type(from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }), "imap.gmail.com");
  await page.user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
  return { ...page, from };
}

function endpoint() {
  const draft = readDraft();
  const [person] = draft.people;
  if (!person) throw new Error("a person expected");
  return endpointOf(draft, "from", person);
}

describe("a server that takes no passwords", () => {
  it("offers the vendor's sign-in, which hands over a grant instead of a password", async () => {
    const { user, from } = await gmailForm(({ world }) => world.signIns.save(google));
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    expect(from.queryByLabelText("Password or app password")).toBeNull();
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    expect(await from.findByText("Signed in as li.lei@old.example")).toBeTruthy();
    expect(endpoint()).toMatchObject({
      auth: "oauth",
      app: "app-1",
      secret: "handle-1",
      user: "li.lei@old.example",
    });
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    expect(await from.findByText(/Signed in: 9 folders/)).toBeTruthy();
  });

  it("says who signed in where it is not who was meant", async () => {
    const { user, from } = await gmailForm(({ world }) => {
      world.signIns.save(google);
      world.signIns.who = "han.meimei@old.example";
    });
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    expect(await from.findByText("han.meimei@old.example signed in, not li.lei@old.example.")).toBeTruthy();
    expect(from.getByRole("button", { name: "Sign in again" })).toBeTruthy();
  });

  it("can be stopped while the browser is waited for", async () => {
    const { user, from } = await gmailForm(({ world }) => {
      world.signIns.save(google);
      world.signIns.who = "";
    });
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    expect(await from.findByText(/Waiting for you to sign in/)).toBeTruthy();
    expect(from.getByText(/Google gives no codes for mail/)).toBeTruthy();
    await user.click(from.getByRole("button", { name: "Stop" }));
    expect(from.queryByText(/Waiting for you/)).toBeNull();
    expect(from.queryByRole("alert")).toBeNull();
  });

  it("needs no people where the office's app opens everything", async () => {
    const { user, from } = await gmailForm(({ world }) => world.signIns.save(google));
    await user.click(from.getByRole("combobox", { name: "How to sign in" }));
    await user.click(
      await screen.findByText("The office’s app opens all mailboxes; nobody else has to do anything"),
    );
    expect(from.queryByLabelText("Password or app password")).toBeNull();
    expect(endpoint()).toMatchObject({ auth: "service", app: "app-1", secret: "" });
    await user.click(from.getByRole("button", { name: "Test sign-in" }));
    expect(await from.findByText(/Signed in: 9 folders/)).toBeTruthy();
  });

  it("leads to the settings where no app was set up", async () => {
    const { user, from } = await gmailForm();
    await user.click(from.getByRole("button", { name: "Sign in with Google" }));
    expect(from.getByText(/No sign-in app fits yet/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Move this mailbox" }));
    expect(await screen.findByText("Old mailbox: Choose or set up a sign-in app.")).toBeTruthy();
    expect(from.getByRole("link", { name: "Set up a sign-in app" })).toBeTruthy();
  });
});

describe("a code for another device", () => {
  it("is shown with the page to type it on", async () => {
    const page = openPage("/move/new");
    page.world.signIns.save(microsoft);
    page.world.signIns.who = "";
    const from = await card("Move from");
    await page.user.click(from.getByRole("button", { name: "Enter the server myself" }));
    await page.user.type(
      from.getByRole("combobox", { name: "Incoming mail server (IMAP)" }),
      "outlook.office365.com",
    );
    await page.user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    await page.user.click(from.getByRole("button", { name: "Sign in with Microsoft" }));
    await page.user.click(from.getByRole("button", { name: "Use a code instead" }));
    expect(await from.findByText("WDJB-MJHT")).toBeTruthy();
    expect(from.getByText("https://example.com/device")).toBeTruthy();
  });
});

describe("an admin account", () => {
  it("can be joined to the mailbox's name", async () => {
    const page = openPage("/move/new");
    const from = await card("Move from");
    await page.user.click(from.getByRole("button", { name: "Other ways to read and sign in" }));
    await page.user.click(from.getByRole("switch"));
    await page.user.click(from.getByRole("radio", { name: "Both names joined: mailbox*admin" }));
    await page.user.type(from.getByLabelText("Admin account"), "master");
    await page.user.type(from.getByLabelText("E-mail address"), "li.lei@old.example");
    expect(endpoint()).toMatchObject({ user: "master", authz: "li.lei@old.example", separator: "*" });
  });
});

describe("sign-in apps", () => {
  it("are entered once; their secrets go into the vault and do not come back", async () => {
    const { user, world } = openPage("/settings");
    const apps = await card("Sign-in apps");
    await user.click(apps.getByRole("button", { name: "Add" }));
    await user.click(apps.getByRole("button", { name: "Save" }));
    expect(await apps.findByText(/The client ID is missing/)).toBeTruthy();
    await user.type(apps.getByLabelText("Client ID"), "client.apps.example");
    await user.type(apps.getByLabelText("Client secret"), "geheim");
    await user.click(apps.getByRole("button", { name: "Choose the file…" }));
    expect(await apps.findByText(/allow client 1042 the permission/)).toBeTruthy();
    await user.click(apps.getByRole("button", { name: "Save" }));
    expect(await apps.findByText("Our company at Google")).toBeTruthy();
    expect(apps.getByText("People sign in")).toBeTruthy();
    expect(apps.getByText("Opens all mailboxes")).toBeTruthy();
    expect(world.kept).toEqual(["geheim"]);

    await user.click(apps.getByRole("button", { name: "Change" }));
    expect((apps.getByLabelText("Client secret") as HTMLInputElement).value).toBe("");
    await user.click(apps.getByRole("button", { name: "Cancel" }));
    await user.click(apps.getByRole("button", { name: "Remove" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Remove" }));
    expect(await apps.findByText(/None yet/)).toBeTruthy();
    expect(button("Add")).toBeTruthy();
  });
});
