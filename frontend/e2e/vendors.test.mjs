// Offices at emulated vendors in Chromium, on the real program: connected through the
// form, tested, read, changed; what a vendor cannot do is greyed with its reason, and a
// refusal is told in its words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { eventually, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { go, openVault } from "./lib/steps.mjs";
import { startVendor } from "./lib/vendors.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const button = (within, name) => within.getByRole("button", { name, exact: true });

/** Fills the form for a new office from an office file. */
async function fill(page, t, office, vendor) {
  await go(page, "#/offices/new");
  await page.getByLabel(t("connect.domain"), { exact: false }).first().fill(office.domain);
  await page.getByLabel(t("connect.provider"), { exact: true }).click();
  await page.getByTitle(vendor, { exact: true }).click();
  for (const [field, value] of Object.entries(office)) {
    if (["provider", "domain", "baseUrl"].includes(field)) continue;
    const label = t(`office.${office.provider}.${field}.label`);
    await page.getByLabel(label, { exact: false }).first().fill(value);
  }
  await page.getByText(t("connect.advanced"), { exact: true }).click();
  await page.getByLabel(t("connect.baseUrl"), { exact: true }).fill(office.baseUrl);
}

/** Somebody else is quicker: both versions, and the person decides; and a mailbox is opened by a link. */
async function conflict(page, t, vendor) {
  const table = page.getByRole("table", { name: t("staff.table") });
  await table.getByRole("button", { name: "陈乐", exact: true }).click();
  await button(page, t("staff.openMailbox")).click();
  await eventually("the link", () => vendor.ask("count get_login_url"));
  assert.equal(await vendor.ask("count get_login_url"), 1);
  await button(page, t("staff.edit")).click();
  await page.getByLabel(t("attr.title")).fill("主任");
  await vendor.ask('edit chen.le@office.example {"Position":"总监"}');
  await button(page, t("staff.form.next")).click();
  const drawer = page.locator(".change-drawer");
  await drawer.getByText(t("change.clash")).waitFor();
  await drawer.getByRole("cell", { name: "总监" }).waitFor();
  await shot(page, "vendor-clash");
  assert.deepEqual(await axe(page, "both versions"), []);
  await button(drawer, t("change.anyway")).click();
  await button(drawer, t("change.apply")).click();
  await drawer.getByText(t("change.state.done"), { exact: true }).waitFor();
  assert.equal((await vendor.ask("show chen.le@office.example")).Position, "主任");
  await button(drawer, t("change.close")).last().click();
  await drawer.waitFor({ state: "detached" });
}

/** One change that is shown is done, and its drawer closed. */
async function agree(page, t) {
  const drawer = page.locator(".change-drawer");
  await button(drawer, t("change.apply")).click();
  await drawer.getByText(t("change.state.done"), { exact: true }).waitFor();
  await button(drawer, t("change.close")).last().click();
  await drawer.waitFor({ state: "detached" });
}

/** Somebody is dragged to another department, by any part of the row, and gets a tag that is new. */
async function dragAndTag(page, t, vendor) {
  const who = "chen.le@office.example";
  const table = page.getByRole("table", { name: t("staff.table") });
  const finance = page.getByRole("treeitem", { name: /^财务部/ });
  const before = await vendor.ask(`show ${who}`);
  const count = Number((await finance.textContent()).match(/\d+/)[0]);
  await table.getByText(who).dragTo(finance);
  await agree(page, t);
  await page.getByRole("treeitem", { name: new RegExp(`^财务部\\s*${count + 1}$`) }).waitFor();
  const after = await vendor.ask(`show ${who}`);
  assert.equal(after.Departments.length, 1);
  assert.notDeepEqual(after.Departments, before.Departments);

  const pick = page.getByLabel(t("staff.select", { name: "陈乐" }), { exact: true });
  if (!(await pick.isChecked())) await pick.check();
  await button(page.getByRole("group", { name: t("staff.bulk") }), t("staff.tags")).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t("staff.tagNew")).fill("项目组");
  await shot(page, "vendor-tags");
  assert.deepEqual(await axe(page, "tags"), []);
  await button(dialog, t("staff.form.next")).click();
  await agree(page, t);
  assert.equal(await vendor.ask("count tag/create"), 1);
  await page.getByRole("combobox", { name: t("staff.tagFilter") }).click();
  await page.locator(".ant-select-item-option").filter({ hasText: "项目组" }).click();
  await page.getByText(t("staff.count_other", { count: 1 }), { exact: true }).waitFor();
}

/** A second office stands beside the first, which is only read from now on: no control changes it. */
async function readOnly(page, t) {
  const draft = { provider: "practice", values: {}, secrets: {}, readOnly: false };
  await page.evaluate(
    (d) => window.go.api.Offices.Connect("", { id: "", name: "", domain: "", baseUrl: "", ...d }),
    draft,
  );
  await go(page, "#/offices");
  const card = page.getByRole("region", { name: "office.example" });
  await card.getByRole("switch", { name: t("offices.readOnly") }).click();
  await card
    .getByText(t("officeReason.read_only"))
    .first()
    .or(button(card, t("offices.use")))
    .first()
    .waitFor();
  const use = button(card, t("offices.use"));
  if (await use.count()) await use.click();
  await use.waitFor({ state: "detached" });
  await shot(page, "vendor-two-offices");
  assert.deepEqual(await axe(page, "two offices, one for reading only"), []);

  const off = async (control) => {
    await control.and(page.locator('[aria-disabled="true"], :disabled')).waitFor();
  };
  await go(page, "#/people");
  const table = page.getByRole("table", { name: t("staff.table") });
  for (const word of ["staff.new", "joiner.open", "staff.import", "dept.new"])
    await off(button(page, t(word)));
  await table.getByRole("button").first().click();
  const details = page.getByRole("dialog");
  for (const word of ["staff.edit", "staff.suspend", "staff.delete"]) await off(button(details, t(word)));
  await shot(page, "vendor-read-only");
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  await go(page, "#/lists");
  await off(button(page, t("lists.new")));
  await go(page, "#/");
  await off(button(page, t("joiner.open")));
  for (const create of await button(page, t("home.todo.postmaster.act")).all()) await off(create);
  await go(page, "#/people");
}

/** The key may no longer see mailing lists: the people stay, and the page says what was not read. */
async function listsRefused(page, t, vendor) {
  const refusal = '{\\"errcode\\":60011,\\"errmsg\\":\\"no privilege\\"}';
  await vendor.ask(`fail {"path":"group/fuzzysearch","times":-1,"body":"${refusal}"}`);
  await button(page, t("staff.refresh")).click();
  await page.getByText(t("staff.lacks.lists"), { exact: false }).waitFor();
  await page
    .getByText(t("staff.count_other", { count: 40 }))
    .first()
    .waitFor();
  await shot(page, "vendor-lists-refused");
  assert.deepEqual(await axe(page, "lists that are refused"), []);
  await vendor.ask("heal");
}

/** The vendor is gone: the page shows what it knows, and since when. */
async function offline(page, t, vendor) {
  await vendor.ask('fail {"path":"","times":-1,"status":503}');
  await button(page, t("staff.refresh")).click();
  const [stale] = t("staff.stale", { when: "|" }).split("|");
  await page.getByText(stale).waitFor();
  await page
    .getByText(t("staff.count_other", { count: 40 }))
    .first()
    .waitFor();
  await shot(page, "vendor-offline");
  assert.deepEqual(await axe(page, "an office that cannot be reached"), []);
}

describe("an import at Tencent", () => {
  const t = wordsOf("en");
  const many = 30;
  it("is cut off, goes on, and creates nobody twice", async () => {
    const home = await newHome();
    const vendor = await startVendor("tencent", { people: 5, departments: 2 });
    let program = await startProgram(home);
    let opened = await openPage(browser, program.url, { language: "en" });
    try {
      let { page } = opened;
      await fill(page, t, vendor.office, "Tencent Exmail");
      await button(page, t("connect.test")).click();
      const works = page.getByText(t("connect.works", { domains: "office.example" }));
      await openVault(page, t, works);
      await works.waitFor();
      await button(page, t("connect.save")).click();
      await page.getByRole("table", { name: t("staff.table") }).waitFor();
      const rows = Array.from({ length: many }, (_, i) => [`New ${i}`, `new${i}`, "Kiefer-7-Blau-Q"]);
      await page.evaluate((table) => window.go.api.Staff.SaveRows(table, "xlsx"), {
        name: "list",
        header: ["Name", "Address", "Password"],
        rows,
      });
      renameSync(join(home, "list.xlsx"), join(home, "people.csv"));
      await go(page, "#/people/import");
      await button(page, t("intake.pick")).click();
      await page.getByText(t("intake.will_other", { count: many })).waitFor();
      await button(page, t("intake.next")).click();
      const drawer = () => page.locator(".change-drawer");
      const apply = button(drawer(), t("change.applyMany_other", { count: many }));
      await openVault(page, t, apply);
      // Every token ends in the middle, and then the program does, while the vendor is silent.
      await vendor.ask('fail {"path":"user/create","pass":12,"times":-1,"hang":true}');
      await apply.click();
      const created = async (n) => (await vendor.ask("count user/create")) >= n;
      await eventually("some are created", () => created(6));
      await vendor.ask("expire");
      await eventually("one more is asked for", () => created(13));
      await program.kill();
      await vendor.ask("heal");
      await opened.close();
      program = await startProgram(home);
      opened = await openPage(browser, program.url, { language: "en" });
      ({ page } = opened);
      await go(page, "#/people/history");
      const history = page.getByRole("table", { name: t("change.history") });
      await history.getByText(t("change.state.interrupted")).first().waitFor();
      await shot(page, "vendor-cut");
      await history.getByRole("button").first().click();
      // A row meets a code that nobody knows: shown with code and words, and not done.
      const unknown = '{\\"errcode\\":987654,\\"errmsg\\":\\"call the moon\\"}';
      await vendor.ask(`fail {"path":"user/create","pass":3,"times":1,"body":"${unknown}"}`);
      await button(drawer(), t("change.goOn")).click();
      const said = drawer().getByText("987654 call the moon", { exact: false }).first();
      await openVault(page, t, said);
      await said.waitFor();
      await shot(page, "vendor-unknown-code");
      assert.deepEqual(await axe(page, "a code that nobody knows"), []);
      await button(drawer(), t("change.tryAgain")).click();
      const over = drawer().getByText(t("change.state.done"), { exact: true });
      await over.waitFor();
      await shot(page, "vendor-went-on");
      await button(drawer(), t("change.save")).click();
      await page.getByRole("menuitem", { name: t("change.saveCSV") }).click();
      await page
        .getByText(t("change.saved", { path: "" }).trim(), { exact: false })
        .first()
        .waitFor();
      const saved = readdirSync(home).find((f) => f.endsWith(".csv") && f !== "people.csv");
      assert.ok(readFileSync(join(home, saved), "utf8").includes(`new${many - 1}@office.example`));
      for (let i = 0; i < many; i++) assert.ok(await vendor.ask(`show new${i}@office.example`), `new${i}`);
      await button(drawer(), t("change.close")).last().click();
      await go(page, "#/people");
      await page
        .getByText(t("staff.count_other", { count: 5 + many }))
        .first()
        .waitFor();
    } catch (e) {
      await shot(opened.page, "failed-vendor-import").catch(() => undefined);
      throw e;
    } finally {
      await opened.close().catch(() => undefined);
      await program.stop();
      await vendor.stop();
      await removeHome(home);
    }
  });
});

describe("an office at Tencent in zh-CN", () => {
  const t = wordsOf("zh-CN");
  it("is connected, read and changed, and says what cannot be done", async () => {
    const home = await newHome();
    const vendor = await startVendor("tencent");
    const program = await startProgram(home);
    const { page, faults, close } = await openPage(browser, program.url, { language: "zh-CN" });
    try {
      await fill(page, t, { ...vendor.office, contactSecret: "mistyped" }, "腾讯企业邮");
      await shot(page, "vendor-form");
      await button(page, t("connect.test")).click();
      const refused = page.getByText(t("officeTrouble.unauthenticated.what"));
      await openVault(page, t, refused);
      await refused.waitFor();
      await shot(page, "vendor-refused");
      await page
        .getByLabel(t("office.tencent.contactSecret.label"), { exact: false })
        .first()
        .fill(vendor.office.contactSecret);
      await button(page, t("connect.test")).click();
      await page.getByText(t("connect.works", { domains: "office.example" })).waitFor();
      await shot(page, "vendor-tested");
      assert.deepEqual(await axe(page, "the form of a tested office"), []);
      await button(page, t("connect.save")).click();
      await page
        .getByText(t("staff.count_other", { count: 40 }))
        .first()
        .waitFor();
      await shot(page, "vendor-people");

      // Two are switched off; the vendor refuses the second until it is asked again.
      const rows = ["陈乐", "陈娅"];
      for (const name of rows) await page.getByLabel(t("staff.select", { name }), { exact: true }).check();
      const bar = page.getByRole("group", { name: t("staff.bulk") });
      const hide = button(bar, t("staff.hide"));
      assert.equal(await hide.getAttribute("aria-disabled"), "true");
      const no = t("officeReason.not_in_api", { provider: "腾讯企业邮" });
      assert.equal(await hide.getAttribute("title"), t("staff.offBecause", { reason: no }));
      await vendor.ask(
        'fail {"path":"user/update","pass":1,"body":"{\\"errcode\\":60011,\\"errmsg\\":\\"no privilege\\"}"}',
      );
      await button(bar, t("staff.suspend")).click();
      const drawer = page.getByRole("dialog");
      await shot(page, "vendor-plan");
      await button(drawer, t("change.applyMany_other", { count: 2 })).click();
      await drawer.getByText(t("officeWhy.scope")).first().waitFor();
      await shot(page, "vendor-scope");
      assert.deepEqual(await axe(page, "a refused change"), []);
      const again = button(drawer, t("change.tryAgain")).or(button(drawer, t("change.goOn")));
      await again.first().click();
      await drawer.getByText(t("change.state.done"), { exact: true }).waitFor();
      const off = () =>
        Promise.all(["chen.le", "chen.ya"].map((who) => vendor.ask(`show ${who}@office.example`)));
      assert.deepEqual(
        (await off()).map((m) => m.Off),
        [true, true],
      );
      await button(drawer, t("change.undo")).click();
      await button(drawer, t("change.applyMany_other", { count: 2 })).click();
      await drawer
        .getByText(t("change.isUndo"))
        .or(drawer.getByText(t("change.state.done")))
        .first()
        .waitFor();
      await eventually("both are back", async () => (await off()).every((m) => !m.Off));
      await button(drawer, t("change.close")).last().click();
      await conflict(page, t, vendor);
      await dragAndTag(page, t, vendor);
      await readOnly(page, t);
      await listsRefused(page, t, vendor);
      await offline(page, t, vendor);
    } finally {
      await close();
      await program.stop();
      await vendor.stop();
      await removeHome(home);
    }
    assert.deepEqual(faults, []);
  });
});

describe("an office at NetEase in en", () => {
  const t = wordsOf("en");
  it("is connected, and shows what its interface knows", async () => {
    const home = await newHome();
    const vendor = await startVendor("netease", { people: 30, departments: 5 });
    const program = await startProgram(home);
    const { page, faults, close } = await openPage(browser, program.url, { language: "en" });
    try {
      await fill(page, t, vendor.office, "NetEase Enterprise Mail");
      await button(page, t("connect.test")).click();
      const works = page.getByText(t("connect.works", { domains: "office.example" }));
      await openVault(page, t, works);
      await works.waitFor();
      const lists = page.getByRole("row").filter({ hasText: t("capability.lists.edit") });
      await lists.getByText(t("officeReason.not_proven", { provider: "NetEase Enterprise Mail" })).waitFor();
      await lists.scrollIntoViewIfNeeded();
      await shot(page, "vendor-abilities");
      await button(page, t("connect.save")).click();
      await page
        .getByText(t("staff.count_other", { count: 30 }))
        .first()
        .waitFor();
      await shot(page, "vendor-netease");
    } finally {
      await close();
      await program.stop();
      await vendor.stop();
      await removeHome(home);
    }
    assert.deepEqual(faults, []);
  });
});
