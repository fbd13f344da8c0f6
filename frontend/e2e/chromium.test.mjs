// The page in Chromium on the real program: the practice move in both languages,
// every page free of axe violations in light and dark, a move by keyboard alone,
// and work that survives leaving, pausing and a killed program.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { startDns } from "./lib/dns.mjs";
import { tabTo } from "./lib/keyboard.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import {
  button,
  call,
  go,
  next,
  oldZone,
  openVault,
  practiceSteps,
  runsEnded,
  switchOver,
} from "./lib/steps.mjs";
import { Page } from "./lib/view.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs a test on a fresh program; opened pages must have logged no error. */
async function onProgram(options, body) {
  const home = await newHome();
  const running = { program: await startProgram(home, options.env) };
  const pages = [];
  try {
    const open = async () => {
      const opened = await openPage(browser, running.program.url, options);
      pages.push(opened);
      return opened.page;
    };
    await body({ page: await open(), open, running, home });
    assert.deepEqual(
      pages.flatMap((p) => p.faults),
      [],
    );
  } catch (e) {
    await shot(pages.at(-1)?.page, `failed-${options.language}`).catch(() => undefined);
    throw e;
  } finally {
    for (const p of pages) await p.close().catch(() => undefined);
    await running.program.stop();
    await removeHome(home);
  }
}

for (const [language, size] of [
  ["zh-CN", { width: 1440, height: 900 }],
  ["en", { width: 1024, height: 640 }],
]) {
  const t = wordsOf(language);

  describe(`the practice move in ${language}`, () => {
    it("goes from the first step over the switch to a saved certificate and back, without axe violations", async (test) => {
      const dns = await startDns(oldZone());
      test.after(() => dns.stop());
      await onProgram({ language, ...size }, async ({ page, home }) => {
        const found = [];
        const look = async (name) => {
          await shot(page, `${language}-${name}`);
          found.push(...(await axe(page, name)));
        };
        await button(page, t("home.first.practice")).waitFor();
        await look("home");
        await button(page, t("home.first.practice")).click();
        await practiceSteps(page, t, look);
        await button(page, t("move.check.start")).click();
        await page.getByRole("progressbar", { name: t("move.run.progress") }).waitFor();
        await shot(page, `${language}-run`);
        await page.getByText(t("move.result.title.done")).waitFor({ timeout: 180_000 });
        await page.getByText(t("move.result.verified.fingerprint")).waitFor();
        await look("result");

        await page.locator(".plain-link").first().click();
        await page.getByRole("dialog").getByRole("table").waitFor();
        await look("mailbox");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });

        // A second run brings what is new since, which is nothing.
        await button(page, t("move.result.delta")).click();
        await runsEnded(page, t, 2);
        await page.getByText(t("move.result.title.done")).waitFor({ timeout: 60_000 });

        const view = new Page(page);
        await switchOver(view, t, dns);
        await look("switch");
        await view.click(t("switchover.back"), "a");

        await button(page, t("move.result.certificate")).click();
        await page.getByRole("radio", { name: t("papers.format.html") }).click();
        await button(page, t("papers.chooseFile")).click();
        const path = await page.getByRole("dialog").locator(".saved-path").textContent();
        assert.ok(path.startsWith(home) && existsSync(path), `certificate at ${path}`);
        assert.ok(readFileSync(path, "utf8").includes(t("certificate.title")), path);
        await button(page, t("papers.close")).click();
        await page.getByRole("dialog").waitFor({ state: "detached" });

        await button(page, t("move.result.undo")).click();
        const dialog = page.getByRole("dialog");
        const field = dialog.getByRole("textbox");
        await field.waitFor();
        await look("undo");
        const stored = (await dialog.locator(".field label").textContent()).replace(/[^\d]/g, "");
        await field.fill(stored);
        await dialog
          .getByRole("button", { name: t("move.undo.ok", { n: Number(stored).toLocaleString(language) }) })
          .click();
        await page.getByText(t("move.result.title.undone")).waitFor({ timeout: 120_000 });
        await look("undone");
        assert.deepEqual(found, []);
      });
    });

    it("has every other page and form without axe violations", async () => {
      await onProgram({ language, ...size }, async ({ page, home }) => {
        const found = [];
        const look = async (name) => {
          await shot(page, `${language}-${name}`);
          found.push(...(await axe(page, name)));
        };
        for (const name of [
          "move",
          "people",
          "lists",
          "records",
          "doctor",
          "letters",
          "security",
          "backup",
          "settings",
        ]) {
          await go(page, `/${name}`);
          await page.getByRole("heading", { level: 1, name: t(`nav.${name}`) }).waitFor();
          await look(`page-${name}`);
        }
        await go(page, "/move/new");
        await button(page, t("providers.moveNow")).click();
        await look("begin");
        await page.getByText(t("wizard.begin.office"), { exact: true }).click();
        for (const side of ["from", "to"]) {
          const card = page.getByRole("region", { name: t(`move.ends.${side}.title`) });
          for (const kind of ["archive", "imap"]) {
            await card.getByRole("radio", { name: t(`move.ends.kind.${kind}`) }).click();
            await look(`${side}-${kind}`);
          }
          await serverByHand(page, t, side);
          await look(`${side}-filled`);
          await next(page, t, side === "from" ? "to" : "people");
        }
        await page.getByRole("table", { name: t("move.people.table") }).waitFor();
        writeFileSync(join(home, "people.csv"), peopleFile, "utf16le");
        await button(page, t("move.people.fromFile")).click();
        const rows = page.getByRole("table", { name: t("move.people.table") });
        await rows.locator('input[value="han.meimei@old.example"]').waitFor();
        const accept = page.locator(".findings .ant-btn-primary");
        await accept.waitFor();
        await button(page, t("wizard.people.showList")).click();
        await page.getByText(t("move.people.file.bad_address")).waitFor();
        await page.getByText(t("wizard.advanced.title"), { exact: true }).click();
        await look("people-by-hand");
        await accept.click();
        await rows.locator('input[value="zhao.min@old.example"]').waitFor();
        await next(page, t, "folders");
        await page.locator(".page-footer .warn").waitFor();
        await go(page, "/move");
        await page.getByText(t("wizard.draft.title")).waitFor();
        await look("drafts");
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: t("palette.label") }).waitFor();
        await look("palette");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await button(page, t("top.shortcuts")).click();
        await page.getByRole("dialog").waitFor();
        await look("shortcuts");
        assert.deepEqual(found, []);
      });
    });
  });
}

// As a spreadsheet program saves it, with one row that cannot be right.
const peopleFile = [
  "\ufeff姓名,旧邮箱,旧密码,新邮箱,新密码",
  "韩梅梅,han.meimei@old.example,one,han.meimei@new.example,two",
  "王芳,wang fang，old.example,one,wang.fang@new.example,two",
  "赵敏,zhao.min＠old.example ,one,zhao.min@new.example,two",
  "",
].join("\r\n");

/** Fills in a server that is not there; on the old side a sign-in is tried: the trouble is told in words. */
async function serverByHand(page, t, side) {
  const card = page.getByRole("region", { name: t(`move.ends.${side}.title`) });
  await card.getByRole("combobox", { name: t("move.ends.host") }).fill("127.0.0.1");
  await card.getByLabel(t("move.ends.port")).fill("9");
  if (side === "to") return;
  await card.getByLabel(t("move.ends.user")).fill("li.lei@old.example");
  await card.getByLabel(t("move.ends.password"), { exact: true }).fill("not a real one");
  await card.getByRole("button", { name: t("move.ends.test") }).click();
  await openVault(page, t, card.getByRole("alert"));
  await card.getByText(t("trouble.why.refused.why")).waitFor();
}

describe("the keyboard alone", () => {
  it("is enough for a whole move", async () => {
    const t = wordsOf("en");
    await onProgram({ language: "en" }, async ({ page }) => {
      await button(page, t("home.first.practice")).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(
        await page.evaluate(() => document.activeElement?.id),
        "main",
        "the skip link leads to the content",
      );
      await tabTo(page, t("home.first.practice"));
      await page.keyboard.press("Enter");
      const people = page.getByRole("table", { name: t("move.people.table") });
      await people.getByRole("checkbox", { checked: true }).nth(5).waitFor();
      await tabTo(page, t("move.people.all"));
      await page.keyboard.press("Space");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      assert.equal(await people.getByRole("checkbox", { checked: true }).count(), 1);
      for (const [step, sign] of [
        ["folders", page.getByRole("table", { name: t("move.map.table") })],
        ["check", page.getByRole("table", { name: t("wizard.check.table") })],
        ["when", page.getByRole("region", { name: t("when.title") })],
      ]) {
        await tabTo(page, t("wizard.next", { step: t(`wizard.step.${step}`) }));
        await page.keyboard.press("Enter");
        await sign.waitFor();
      }
      await tabTo(page, t("move.check.start"));
      await page.keyboard.press("Enter");
      await page.getByText(t("move.result.title.done")).waitFor({ timeout: 120_000 });
      await tabTo(page, t("move.result.undo"));
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });

      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: t("palette.label") }).waitFor();
      await page.keyboard.type("shezhi");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: t("nav.settings") }).waitFor();
      await page.keyboard.press("Control+1");
      await page.getByRole("heading", { level: 1, name: t("nav.home") }).waitFor();
    });
  });
});

describe("a running move", () => {
  it("goes on when the page is left, can be paused, and survives a killed program", async () => {
    const t = wordsOf("en");
    await onProgram({ language: "en" }, async ({ page, open, running, home }) => {
      await button(page, t("home.first.practice")).click();
      const people = page.getByRole("table", { name: t("move.people.table") });
      await people.getByRole("checkbox", { checked: true }).nth(5).waitFor();
      await people.getByRole("checkbox", { name: t("move.people.all") }).click();
      await people.getByRole("checkbox").nth(1).click();
      await next(page, t, "folders");
      await page.getByRole("table", { name: t("move.map.table") }).waitFor();

      // Back and forward go from step to step, and a draft is found again on the list.
      await page.goBack();
      await people.waitFor();
      await go(page, "/move");
      await page.getByRole("link", { name: t("wizard.words.practice") }).click();
      await people.waitFor();
      await next(page, t, "folders");
      await next(page, t, "check");

      // So slow that it does not end by itself.
      await page.getByText(t("wizard.advanced.title"), { exact: true }).click();
      const speed = page.getByLabel(t("move.options.speed"), { exact: true });
      await speed.fill("0.1");
      await speed.press("Tab");
      await next(page, t, "when");
      await button(page, t("move.check.start")).click();
      await page.getByRole("progressbar", { name: t("move.run.progress") }).waitFor();
      const hash = await page.evaluate(() => window.location.hash);

      await go(page, "/people");
      await page.getByRole("heading", { level: 1, name: t("nav.people") }).waitFor();
      await page.locator(".work").waitFor();
      await go(page, hash.slice(1));
      await button(page, t("move.run.pause")).click();
      await page.getByText(t("move.run.paused")).waitFor();
      await button(page, t("move.run.goOn")).click();
      await button(page, t("move.run.pause")).waitFor();

      // A page without its program would only log that it is gone.
      await page.goto("about:blank");
      await running.program.kill();
      running.program = await startProgram(home);
      const again = await open();
      await again.getByRole("heading", { name: t("home.stopped") }).waitFor();
      await go(again, hash.slice(1));
      const id = hash.split("/").at(-1);
      const { name, mailboxes, options } = await call(again, "Moves", "Get", id);
      const same = mailboxes.map(({ label, from, to }) => ({ label, from, to }));
      const quick = { name, mailboxes: same, options: { ...options, bytesPerSecond: -1 } };
      await call(again, "Moves", "Edit", id, quick);
      await button(again, t("move.run.goOn")).click();
      await again.getByText(t("move.result.title.done")).waitFor({ timeout: 180_000 });
      await again.getByText(t("move.result.verified.fingerprint")).waitFor();
    });
  });
});
