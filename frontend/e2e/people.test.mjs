// The people of an office, in Chromium on the real program: two hundred are imported
// from a workbook into the practice office and into a real mox, changed, undone and
// exported. What vendors cannot do is for vendors.test.mjs.
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { button, call, go, openVault } from "./lib/steps.mjs";
import { startVendor } from "./lib/vendors.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const many = 200;

/** Runs a story on a program of its own and expects no fault and nothing against accessibility. */
async function story(name, language, size, tell) {
  const home = await newHome();
  const program = await startProgram(home);
  const opened = await openPage(browser, program.url, { language, ...size });
  const { page } = opened;
  const found = [];
  const look = async (what) => {
    await shot(page, `${name}-${what}-${language}`);
    found.push(...(await axe(page, what)));
  };
  try {
    await tell({ page, home, look, t: wordsOf(language) });
    assert.deepEqual(found, []);
    assert.deepEqual(opened.faults, []);
  } catch (e) {
    await shot(page, `failed-${name}-${language}`).catch(() => undefined);
    throw e;
  } finally {
    await opened.close().catch(() => undefined);
    await program.stop();
    await removeHome(home);
  }
}

/** Writes a workbook with people, which the dialog of the test answers with. */
async function workbook(page, home, header, rows) {
  await call(page, "Staff", "SaveRows", { name: "list", header, rows }, "xlsx");
  renameSync(join(home, "list.xlsx"), join(home, "people.csv")); // what it is, is told by its content
}

const drawer = (page) => page.locator(".change-drawer");

/** Lets be done what the drawer shows, typing what it asks for, and waits for the end. */
async function agree(page, t, state = "done") {
  const box = drawer(page);
  await box.locator(".plan-view").waitFor();
  const [asks] = t("change.typeLabel", { typed: "|" }).split("|");
  const label = box.locator("label", { hasText: asks });
  if (await label.count()) {
    const [, typed] = (await label.textContent()).match(/[“"](.+)[”"]/);
    await box.locator(".plan-view input").fill(typed);
  }
  await box.locator(".plan-view .ant-btn-primary").click();
  // As long as it gets on, it is waited for.
  const figures = box.locator(".run-view [role=status]").first();
  await figures.waitFor();
  const over = box.getByText(t(`change.state.${state}`), { exact: true });
  for (let before = ""; !(await over.count()); ) {
    const now = await figures.textContent();
    if (now === before) await over.waitFor({ timeout: 240_000 });
    before = now;
    await Promise.race([over.waitFor(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  }
}
const shut = async (page, t) => {
  await drawer(page)
    .getByRole("button", { name: t("change.close"), exact: true })
    .last()
    .click();
  await drawer(page).waitFor({ state: "detached" });
};

/** Goes through the import of the file to its end. */
async function importFile(page, t, count, look) {
  await go(page, "/people/import");
  await button(page, t("intake.pick")).click();
  await page.getByText(t("intake.will_other", { count })).waitFor();
  await look("checked");
  await button(page, t("intake.next")).click();
  await openVault(page, t, drawer(page).locator(".plan-view"));
  await drawer(page)
    .getByRole("table", { name: t("change.table") })
    .waitFor();
  await look("preview");
  await agree(page, t);
}

async function connect(page, t, office, fields) {
  await go(page, "/offices/new");
  const pick = page.getByRole("combobox", { name: t("connect.provider"), exact: true });
  await pick.click();
  await page.locator(".ant-select-item-option").filter({ hasText: fields.provider }).first().click();
  for (const [key, label] of Object.entries(fields.keys)) await page.getByLabel(label).fill(office[key]);
  if (office.baseUrl) {
    await page.getByText(t("connect.advanced"), { exact: true }).click();
    await page.getByLabel(t("connect.baseUrl")).fill(office.baseUrl);
  }
  await page.getByLabel(t("connect.domain")).fill(office.domain);
  await button(page, t("connect.test")).click();
  const works = page.getByText(t("connect.works", { domains: office.domain }).replace(/[。.]$/, ""));
  await openVault(page, t, works);
  await works.waitFor();
}

describe("people", () => {
  it("are imported into the practice office, changed, exported and taken back", () =>
    story("practice", "zh-CN", { width: 1280, height: 820 }, async ({ page, home, look, t }) => {
      await go(page, "/people");
      await look("empty");
      await button(page, t("office.tryPractice")).click();
      const people = page.getByRole("table", { name: t("staff.table") });
      await people.waitFor();
      await page.getByText(t("staff.count_other", { count: 12 })).waitFor();
      await look("people");

      // A workbook with two hundred good rows and three that are not.
      const rows = Array.from({ length: many }, (_, i) => [
        `${"王李张刘陈杨赵黄"[i % 8]}小${"明红刚丽伟芳"[i % 6]}`,
        i % 2 ? "" : `neu${i}`,
        i % 3 ? "市场部/华东" : "市场部",
        "13900000000",
      ]);
      rows.push(["李雷", "li.lei", "", ""], ["甲", "neu0", "", ""], ["乙", "all", "", ""]);
      await workbook(page, home, ["姓名", "邮箱", "部门", "手机"], rows);
      await importFile(page, t, many, async (what) => {
        if (what === "checked") {
          const problems = page.getByRole("table", { name: t("intake.problems") });
          await problems.getByText(t("intake.code.duplicate", { first: 2 })).waitFor();
          await page.getByText(t("intake.stopped_other", { count: 2 })).waitFor();
        }
        await look(what);
      });
      await look("imported");
      await drawer(page)
        .getByRole("button", { name: t("change.save"), exact: true })
        .click();
      await page.getByRole("menuitem", { name: t("change.saveCSV") }).click();
      await page
        .getByText(t("change.saved", { path: "" }).trim(), { exact: false })
        .first()
        .waitFor();
      await shut(page, t);

      // The same file once more creates nobody twice.
      await button(page, t("intake.reread")).click();
      await page
        .getByText(/^\D*\d+\D*$/)
        .first()
        .waitFor();

      // A list of somebody who is there: left at first, then updated in the cell that differs.
      await workbook(page, home, ["姓名", "邮箱", "手机"], [["王小明", "neu0", "13911112222"]]);
      await button(page, t("intake.reread")).click();
      await page.getByText(t("intake.there.title_other", { count: 1 })).waitFor();
      await page.getByText(t("intake.there.update"), { exact: true }).click();
      await page.getByText(t("intake.changed_other", { count: 1 })).waitFor();
      await look("update");
      await button(page, t("intake.next")).click();
      await openVault(page, t, drawer(page).locator(".plan-view"));
      await drawer(page).getByText("13911112222").waitFor();
      await agree(page, t);
      await shut(page, t);

      // Found by initials, changed, and seen.
      await go(page, "/people");
      await page.getByText(t("staff.count_other", { count: 12 + many })).waitFor();
      await page.getByLabel(t("staff.search"), { exact: true }).fill("oyx");
      await page.getByText(t("staff.count_other", { count: 1 })).waitFor();
      await people.getByRole("button", { name: "欧阳雪" }).click();
      await button(page, t("staff.edit")).click();
      await page.getByLabel(t("attr.title")).fill("主任");
      await look("form");
      await button(page, t("staff.form.next")).click();
      await drawer(page).getByText("主任").waitFor();
      await agree(page, t);
      await shut(page, t);

      // Several at once: suspended, then exported.
      await page.getByLabel(t("staff.search"), { exact: true }).fill("");
      await page.getByRole("treeitem").filter({ hasText: "销售部" }).click();
      await page.getByText(t("staff.count_other", { count: 3 })).waitFor();
      await page.getByLabel(t("staff.selectAll")).check();
      await page
        .getByRole("group", { name: t("staff.bulk") })
        .getByRole("button", { name: t("staff.suspend"), exact: true })
        .click();
      await agree(page, t);
      await shut(page, t);
      await people.getByText(t("personStatus.suspended")).nth(2).waitFor();
      await button(page, t("staff.more")).click();
      await page.getByRole("menuitem", { name: t("change.saveCSV") }).click();
      await page.getByText(".csv").first().waitFor();

      // What was imported is taken back from the history.
      await go(page, "/people/history");
      await look("history");
      const history = page.getByRole("table", { name: t("change.history") });
      await history.getByRole("button").last().click();
      await drawer(page)
        .getByRole("button", { name: new RegExp(t("change.undo")) })
        .first()
        .click();
      await drawer(page)
        .getByRole("table", { name: t("change.table") })
        .waitFor();
      await look("undo");
      await agree(page, t);
      await shut(page, t);
      await go(page, "/people");
      await page.getByText(t("staff.count_other", { count: 12 })).waitFor();
    }));
});

// Two hundred people at a real server, which takes a thousand requests a minute.
describe("people at a real mox", () => {
  const t = wordsOf("en");
  const keys = { address: t("office.mox.address.label"), password: t("office.mox.password.label") };
  const found = [];
  let home, vendor, program, opened, page;
  before(async () => {
    home = await newHome();
    vendor = await startVendor("mox", { people: 3 });
    program = await startProgram(home);
    opened = await openPage(browser, program.url, { language: "en", width: 1024, height: 640 });
    page = opened.page;
  });
  after(async () => {
    await opened?.close().catch(() => undefined);
    await program?.stop();
    await vendor?.stop();
    await removeHome(home);
  });
  const look = async (what) => {
    await shot(page, `mox-${what}-en`);
    found.push(...(await axe(page, what)));
  };
  const table = () => page.getByRole("table", { name: t("staff.table") });

  it("are two hundred from a workbook, and one is changed", async () => {
    await connect(page, t, vendor.office, { provider: "mox", keys });
    await look("connect");
    await button(page, t("connect.save")).click();
    await table().waitFor();
    const rows = Array.from({ length: many }, (_, i) => [
      `New Person ${i}`,
      `new.person${i}`,
      "Kiefer-7-Blau-Q",
    ]);
    await workbook(page, home, ["Name", "Address", "Password"], rows);
    await importFile(page, t, many, async () => undefined);
    await look("imported");
    const last = await vendor.ask(`show new.person${many - 1}@office.example`);
    assert.equal(last.Name, `New Person ${many - 1}`);
    await shut(page, t);

    // One of them gets an alias and room, and gives both back.
    await go(page, "/people");
    await page.getByLabel(t("staff.search"), { exact: true }).fill("new.person7@");
    await table().getByRole("button", { name: "New Person 7", exact: true }).click();
    await button(page, t("staff.edit")).click();
    await page.getByLabel(t("attr.aliases")).fill("sales7");
    await page.getByLabel(t("attr.quota")).fill("2");
    await button(page, t("staff.form.next")).click();
    await agree(page, t);
    const changed = await vendor.ask("show new.person7@office.example");
    assert.deepEqual(changed.Aliases, ["sales7@office.example"]);
    assert.equal(changed.Quota, 2 * 2 ** 30);
    await drawer(page)
      .getByRole("button", { name: t("change.undo"), exact: true })
      .click();
    await agree(page, t);
    await shut(page, t);
    const back = await vendor.ask("show new.person7@office.example");
    assert.deepEqual([back.Aliases ?? [], back.Quota], [[], -1]);
  });

  it("are made with the keyboard: the cursor waits in the form, and comes back to the button", async () => {
    const create = button(page, t("staff.new"));
    await create.press("Enter");
    const name = page.getByRole("form", { name: t("staff.form.new") }).getByLabel(t("attr.name"));
    const focused = page.locator(":focus");
    await name.and(focused).waitFor();
    await page.keyboard.type("Ada");
    await page.getByText(t("staff.form.proposalsHint")).waitFor();
    await page.keyboard.press("Enter"); // it lacks a password
    await page.getByLabel(t("staff.form.password")).and(focused).waitFor();
    await page.keyboard.press("Escape");
    await create.and(focused).waitFor();
  });

  it("belong to a domain whose records are told", async () => {
    await go(page, "/offices");
    await page.locator("summary", { hasText: t("officeDomain.title") }).click();
    const records = page.getByRole("table", { name: t("officeDomain.records") });
    await records.getByRole("row").nth(3).waitFor();
    assert.match(await records.textContent(), /office\.example/);
    await look("domain");
    await go(page, "/people");
    await table().waitFor();
  });

  it("are exported, and taken back all at once", async () => {
    await page.getByLabel(t("staff.search"), { exact: true }).fill("");
    await button(page, t("staff.more")).click();
    await page.getByRole("menuitem", { name: t("change.saveCSV") }).click();
    await page.getByText(".csv").first().waitFor();
    await go(page, "/people/history");
    const history = page.getByRole("table", { name: t("change.history") });
    await history.getByRole("button").last().click();
    await drawer(page)
      .getByRole("button", { name: t("change.undo"), exact: true })
      .click();
    await look("undo");
    await agree(page, t);
    await shut(page, t);
    assert.equal(await vendor.ask("show new.person7@office.example"), null);
    await go(page, "/people");
    await page.getByText(t("staff.count_other", { count: 4 })).waitFor();
    assert.deepEqual(found, []);
    assert.deepEqual(opened.faults, []);
  });
});
