// Signing in at a vendor's page in Chromium, on the real program, with a token server
// of ours and a real Dovecot that asks it what tokens are worth: the sign-in app, the
// wrong account, the right one, and a whole move without any password.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { frontend, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { go } from "./lib/steps.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Starts the token server and Dovecot; end() stops both. */
async function startVendor(vendor) {
  const child = spawn("go", ["run", "./backend/testkit/cmd/signin", "--vendor", vendor], {
    cwd: join(frontend, ".."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const told = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(JSON.parse(text));
    });
    child.once("exit", (code) => reject(new Error(`the vendor ended with ${code}`)));
  });
  return {
    ...told,
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

const button = (within, name) => within.getByRole("button", { name, exact: true });

/** What the program wants to show in the browser next. */
const nextStep = (page) =>
  page.evaluate(() => new Promise((resolve) => window.runtime.EventsOnce("signin:step", resolve)));

for (const [language, vendor] of [
  ["zh-CN", "google"],
  ["en", "microsoft"],
]) {
  const t = wordsOf(language);
  describe(`a move without passwords in ${language}`, () => {
    it("signs in at the vendor's page and brings everything", async () => {
      const home = await newHome();
      const place = await startVendor(vendor);
      const program = await startProgram(home, { MAILROOM_SIGN_IN: JSON.stringify(place.services) });
      const opened = await openPage(browser, program.url, { language, width: 1280, height: 800 });
      const { page } = opened;
      const found = [];
      const look = async (name) => {
        await shot(page, `${language}-signin-${name}`);
        found.push(...(await axe(page, name)));
      };
      try {
        await enterApp(page, t, place, vendor, look);
        const words = { vendor: t(`oauth.vendor.${vendor}`) };
        await go(page, "/move/new");
        const from = page.getByRole("region", { name: t("move.ends.from.title") });
        await from.getByLabel(t("move.ends.user")).fill(place.user);
        await enterServer(from, t, place);
        await chooseWay(page, from, t);
        await look("form");

        // Somebody else first: that is told, and mended.
        for (const as of [place.other, place.user]) {
          const step = nextStep(page);
          await from
            .getByRole("button", { name: new RegExp(`^(${t("oauth.signIn", words)}|${t("oauth.again")})$`) })
            .click();
          const { url } = await step;
          if (as === place.other) await look("waiting");
          await signInAs(url, as, t);
          await from.getByText(t("oauth.as", { account: as })).waitFor();
          if (as === place.other) {
            await from.getByText(t("oauth.other", { account: as, address: place.user })).waitFor();
            await look("other");
          }
        }
        await button(from, t("move.ends.test")).click();
        await from.locator(".sign-in-test .good").or(from.getByRole("alert")).first().waitFor();
        await look("signed-in");
        assert.equal(await from.getByRole("alert").count(), 0);

        // Into the other's mailbox, which takes a password.
        const to = page.getByRole("region", { name: t("move.ends.to.title") });
        await to.getByLabel(t("move.ends.user")).fill(place.other);
        await to.getByLabel(t("move.ends.password"), { exact: true }).fill(place.password);
        await enterServer(to, t, place);
        await button(page, t("providers.moveNow")).click();
        await page.getByText(t("move.result.title.done")).waitFor({ timeout: 120_000 });
        await page.getByText(t("move.result.verified.fingerprint")).waitFor();
        await shot(page, `${language}-signin-moved`);
        assert.deepEqual(found, []);
        assert.deepEqual(opened.faults, []);
      } catch (e) {
        await shot(page, `failed-signin-${language}`).catch(() => undefined);
        throw e;
      } finally {
        await opened.close();
        await program.stop();
        await place.end();
        await removeHome(home);
      }
    });
  });
}

/** Enters the office's registration in the settings. */
async function enterApp(page, t, place, vendor, look) {
  await go(page, "/settings");
  const apps = page.getByRole("region", { name: t("oauth.apps.title") });
  await button(apps, t("oauth.apps.add")).click();
  if (vendor !== "google") {
    await apps.getByRole("combobox", { name: t("oauth.apps.vendor") }).click();
    await page.getByTitle(t(`oauth.vendor.${vendor}`), { exact: true }).click();
    await apps.getByLabel(t("oauth.apps.tenant")).fill("old.example");
  }
  await apps.getByLabel(t("oauth.apps.clientId"), { exact: true }).fill(place.clientId);
  await apps.getByLabel(t("oauth.apps.secret"), { exact: true }).fill(place.clientSecret);
  await look("app");
  await button(apps, t("oauth.apps.save")).click();
  const vault = page.getByRole("dialog");
  const saved = apps.getByText(t("oauth.apps.person"), { exact: true });
  await vault.or(saved).first().waitFor();
  if (await vault.isVisible()) {
    for (const label of ["vault.passphrase", "vault.again"]) {
      await vault.getByLabel(t(label), { exact: true }).fill("correct horse battery");
    }
    await button(vault, t("vault.newOk")).click();
  }
  await saved.waitFor();
  await look("apps");
}

async function enterServer(card, t, place) {
  const enter = button(card, t("providers.enterServer"));
  const host = card.getByRole("combobox", { name: t("move.ends.host") });
  await enter.or(host).first().waitFor();
  // An address that is recognised meanwhile may bring the fields by itself.
  if (await enter.isVisible()) await Promise.any([enter.click(), host.waitFor()]);
  await host.fill(place.host);
  await card.getByLabel(t("move.ends.port"), { exact: true }).fill(String(place.port));
  await card.getByRole("combobox", { name: t("move.ends.security") }).click();
  await card.page().getByTitle(t("move.ends.securities.plain"), { exact: true }).last().click();
  await card.getByLabel(t("move.ends.port"), { exact: true }).fill(String(place.port));
}

async function chooseWay(page, card, t) {
  await button(card, t("providers.otherWays")).click();
  await card.getByRole("combobox", { name: t("oauth.way.label") }).click();
  await page.getByTitle(t("oauth.way.person"), { exact: true }).last().click();
}

/** The person's own browser: chooses an account at the vendor and reads the last page. */
async function signInAs(url, account, t) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("link", { name: account }).click();
  await page.getByRole("heading", { name: t("oauth.page.done.title") }).waitFor();
  await context.close();
}
