// A whole move between two mail servers of our own, from the page in Chromium: an
// untrusted certificate, a wrong password, then the move, proven by reading both sides.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { startServers } from "./lib/servers.mjs";
import { button, openVault, runsEnded } from "./lib/steps.mjs";
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

it("two own servers: certificate, wrong password, move, proof", async () => {
  const t = wordsOf("en");
  const home = await newHome();
  const program = await startProgram(home);
  const { page, faults, close } = await openPage(browser, program.url);
  try {
    const found = [];
    const look = async (name) => {
      await shot(page, `servers-${name}`);
      found.push(...(await axe(page, name)));
    };
    await page.evaluate(() => {
      window.location.hash = "/move/new";
    });
    const card = (side) => page.getByRole("region", { name: t(`move.ends.${side}.title`) });
    const password = (side) => card(side).getByLabel(t("move.ends.password"), { exact: true });
    for (const side of ["from", "to"]) {
      await card(side).getByLabel(t("move.ends.user")).fill(servers[side].user);
      await card(side)
        .getByRole("combobox", { name: t("move.ends.host") })
        .fill(servers[side].host);
      await card(side).getByLabel(t("move.ends.port")).fill(String(servers[side].port));
      await password(side).fill(side === "from" ? "not the password" : servers[side].password);
    }
    const move = button(page, t("providers.moveNow"));

    // Nobody vouches for the certificate: it is shown, compared, and trusted alone.
    await move.click();
    const doubt = page.getByRole("button", { name: t("trouble.act.trust") });
    await openVault(page, t, doubt);
    await trust(doubt.last());
    await look("refused");

    // A wrong password is explained; the right one goes on.
    await page.getByText(t("trouble.class.auth-ambiguous.what")).first().waitFor();
    await password("from").fill(servers.from.password);
    await move.click();
    await trust(doubt.last());
    await card("to").getByText(t("move.ends.testOk").slice(0, 9)).waitFor();
    await move.click();

    await page.getByText(t("move.result.title.done")).waitFor({ timeout: 120_000 });
    await page.getByText(t("move.result.verified.fingerprint")).waitFor();
    await look("done");
    assert.equal(await servers.differences(), "", "every byte has arrived");

    await button(page, t("move.result.delta")).click();
    await runsEnded(page, t, 2);
    await page.getByText(t("move.result.title.done")).waitFor();
    assert.equal(await servers.differences(), "", "a second run doubles nothing");
    assert.deepEqual(found, []);
    assert.deepEqual(faults, []);
  } catch (e) {
    await shot(page, "failed-servers").catch(() => undefined);
    throw e;
  } finally {
    await close().catch(() => undefined);
    await program.stop();
    await removeHome(home);
  }

  async function trust(opener) {
    await opener.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox").click();
    await dialog.getByRole("button", { name: t("cert.trust") }).click();
    await dialog.waitFor({ state: "detached" });
  }
});
