// An office on its way, in Chromium on the real program: a start in the evening that
// is brought forward, one person paused, one cause for several, a run for new mail,
// and the day of the switch with a DNS server of the test's own.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { startDns } from "./lib/dns.mjs";
import { eventually, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { button, call, go, oldZone, switchOver } from "./lib/steps.mjs";
import { Page } from "./lib/view.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

function until(page, id, what, so) {
  return eventually(what, async () => {
    const move = await call(page, "Moves", "Get", id);
    return so(move) ? move : undefined;
  });
}

const options = {
  verify: "counts",
  parallel: 1,
  connections: 0,
  bytesPerSecond: -1,
  bytesPerDay: 0,
  excludeDeleted: false,
  since: "",
  before: "",
  exclude: [],
  include: [],
  folderRules: [],
  repeat: { hours: 0, at: 0 },
  schedule: { mode: "now", at: 0, zone: "", from: 0, to: 0, days: [], slow: 0, bytesPerDay: 0 },
};

for (const [language, size] of [
  ["zh-CN", { width: 1440, height: 900 }],
  ["en", { width: 1024, height: 640 }],
]) {
  const t = wordsOf(language);
  describe(`an office on its way in ${language}`, () => {
    it("keeps to its time, is steered one by one, and switches over", async () => {
      const home = await newHome();
      const dns = await startDns(oldZone());
      const program = await startProgram(home, { MAILROOM_PRACTICE_SIZE: "900" });
      const opened = await openPage(browser, program.url, { language, ...size });
      const { page } = opened;
      const found = [];
      const look = async (name) => {
        await shot(page, `${language}-${name}`);
        found.push(...(await axe(page, name)));
      };
      try {
        const office = await call(page, "Practice", "Office");
        const mailboxes = office.people
          .slice(0, 6)
          .map((p) => ({ label: language === "en" ? p.englishName : p.name, from: p.from, to: p.to }));
        const tonight = { ...options.schedule, mode: "at", at: Date.now() + 6 * 3_600_000 };
        const slow = { ...options, schedule: tonight };
        const { id } = await call(page, "Moves", "Create", { name: "", mailboxes, options: slow });
        await call(page, "Moves", "Start", id);
        await until(page, id, "scheduled", (m) => m.state === "scheduled");
        await go(page, `/move/${id}`);

        // It waits for the evening; the person brings it forward, gently.
        await page.getByText(t("move.state.scheduled")).first().waitFor();
        await look("office-scheduled");
        await call(
          page,
          "Runs",
          "SetWhen",
          id,
          { ...options.schedule, mode: "gentle", from: 0, to: 1439, slow: 30_000 },
          options.repeat,
        );
        await page.getByRole("progressbar", { name: t("move.run.progress") }).waitFor();
        const people = page.getByRole("table", { name: t("move.run.table") });
        const name = mailboxes[4].label;
        await button(page, t("run.people.stepFor", { step: t("run.people.step.pause"), name })).click();
        await people.getByText(t("run.people.held")).waitFor();
        await look("office-run");
        await page
          .locator("details", { hasText: t("run.when") })
          .last()
          .locator("summary")
          .click();
        await page.getByRole("radio", { name: new RegExp(t("when.mode.now.name")) }).click();
        await until(page, id, "done but for one", (m) => m.state === "paused");
        await button(page, t("run.people.stepFor", { step: t("run.people.step.goOn"), name })).click();
        await until(page, id, "done", (m) => m.state === "done" || m.state === "left_behind");

        // A run for what is new since.
        await button(page, t("move.result.delta")).click();
        const again = await until(
          page,
          id,
          "run again",
          (m) => m.runs >= 3 && (m.state === "done" || m.state === "left_behind"),
        );
        await page.getByText(t("run.event.delta", { n: String(again.runs - 1) })).waitFor();
        await look("office-done");

        // Several people, one cause.
        const gone = (i) => ({
          label: `gone ${i}`,
          from: { ...office.people[0].from, kind: "maildir", side: "", path: join(home, `gone-${i}`) },
          to: { ...office.people[0].to, kind: "eml", side: "", path: join(home, `new-${i}`) },
        });
        const bad = await call(page, "Moves", "Create", {
          name: "",
          mailboxes: [gone(1), gone(2), gone(3)],
          options,
        });
        await call(page, "Moves", "Start", bad.id);
        await until(page, bad.id, "failed", (m) => m.state === "failed");
        await go(page, `/move/${bad.id}`);
        const causes = page.getByRole("region", { name: t("run.causes.title") });
        await causes.getByRole("listitem").first().waitFor();
        assert.equal(await causes.getByRole("listitem").count(), 1);
        assert.match(await causes.textContent(), /3/);
        await look("office-causes");

        // The day of the switch.
        await go(page, `/move/${id}`);
        await switchOver(new Page(page), t, dns, () => look("office-switch"));
        const moved = await until(page, id, "watched", (m) => m.options.repeat.hours === 3);
        assert.ok(moved.runs >= 3);
        await look("office-switched");
        assert.deepEqual(found, []);
        assert.deepEqual(opened.faults, []);
      } catch (e) {
        await shot(page, `failed-office-${language}`).catch(() => undefined);
        throw e;
      } finally {
        await opened.close().catch(() => undefined);
        await program.stop();
        await dns.stop();
        await removeHome(home);
      }
    });
  });
}
