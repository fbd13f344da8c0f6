// A test letter between two mail servers of our own, there and back, and a mail that is
// chosen from a mailbox: the page in Chromium on the real program. Nobody vouches for the
// servers' certificates: each is shown, compared and trusted alone.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { startServers } from "./lib/servers.mjs";
import { button, openVault } from "./lib/steps.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
let servers;
before(async () => {
  [browser, servers] = await Promise.all([launch(), startServers()]);
});
after(async () => {
  await browser?.close();
  await servers?.stop();
});

it("a letter goes there and back, and one is chosen from the mailbox", async () => {
  const t = wordsOf("en");
  const home = await newHome();
  const program = await startProgram(home, { MAILROOM_RESOLVER: "127.0.0.1:1" });
  const { page, faults, close } = await openPage(browser, program.url);
  const found = [];
  const look = async (name) => {
    await shot(page, `letters-${name}`);
    found.push(...(await axe(page, name)));
  };
  const go = (hash) =>
    page.evaluate((to) => {
      window.location.hash = to;
    }, hash);
  /** Fills in one mailbox with its servers. */
  async function fill(form, { user, password, host, port, smtp }, sends) {
    await form.getByRole("textbox", { name: t("testLetter.address") }).fill(user);
    await form.getByLabel(t("testLetter.password"), { exact: true }).fill(password);
    const servers = form.locator("details");
    if (!(await servers.evaluate((d) => d.open))) await servers.locator("summary").click();
    const fields = async (label, at, security) => {
      const group = form.locator(".host-fields").filter({ hasText: label });
      await group.getByRole("textbox").fill(at.host);
      await group.getByRole("spinbutton").fill(String(at.port));
      if (!security) return;
      await group.getByRole("combobox").click();
      await page.locator(".ant-select-item-option").filter({ hasText: security }).last().click();
    };
    await fields(t("testLetter.imap"), { host, port });
    if (sends) await fields(t("testLetter.smtp"), { host, port: smtp }, t("testLetter.starttls"));
  }
  /** Compares the certificate that stands in the way and trusts it. */
  async function trust(opener) {
    await opener.click();
    const dialog = page.getByRole("dialog").last();
    await dialog.getByRole("checkbox").click();
    await dialog.getByRole("button", { name: t("cert.trust") }).click();
  }
  const doubt = page.getByRole("button", { name: t("trouble.act.trust") });
  const good = page.getByText(t("testLetter.judgement.good"));
  try {
    await go("/doctor/letter");
    await page.getByText(t("testLetter.empty.title")).waitFor();
    await page.getByRole("checkbox", { name: t("testLetter.same") }).click();
    await fill(page.getByRole("region", { name: t("testLetter.from"), exact: true }), servers.from, true);
    await fill(page.getByRole("region", { name: t("testLetter.to"), exact: true }), servers.to, true);
    await button(page, t("testLetter.send")).click();
    await openVault(page, t, doubt);
    for (const opened of [false, true]) {
      // First the receiver's mailbox, then the sender's outgoing server.
      await doubt.waitFor();
      if (opened) await look("untrusted");
      await trust(doubt);
    }
    await good.waitFor();
    await page.getByText("INBOX").first().waitFor();
    await look("arrived");
    // The second one is left where it lies.
    await page.getByRole("checkbox", { name: t("testLetter.remove") }).click();
    await button(page, t("testLetter.back")).click();
    for (let asked = 0; asked < 2; asked++) {
      await doubt.waitFor();
      await trust(doubt);
    }
    await good.waitFor();

    // It is chosen from the mailbox and read.
    await go("/doctor/header");
    await button(page, t("pick.open")).click();
    const dialog = page.getByRole("dialog").first();
    await fill(dialog, servers.from, false);
    await dialog.getByRole("button", { name: t("pick.list"), exact: true }).click();
    await doubt.waitFor();
    await trust(doubt);
    const letter = dialog.getByRole("button", { name: new RegExp(t("testLetter.mail.subject")) });
    await letter.waitFor();
    await look("pick");
    await letter.click();
    await page.getByText(t("mailHeader.findings")).waitFor();
    await look("picked");
    assert.deepEqual(found, [], found.join("\n"));
    assert.deepEqual(faults, []);
  } catch (e) {
    await shot(page, "failed-letters").catch(() => undefined);
    throw e;
  } finally {
    await close().catch(() => undefined);
    await program.stop();
    await removeHome(home);
  }
});
