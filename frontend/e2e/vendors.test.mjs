// Offices at emulated vendors in Chromium, on the real program: connected through the
// form, tested, read, changed; what a vendor cannot do is greyed with its reason, and a
// refusal is told in its words.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { openVault } from "./lib/steps.mjs";
import { startVendor } from "./lib/vendors.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const go = (page, hash) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
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
      for (let i = 0; i < 300 && (await off()).some((m) => m.Off); i++) await page.waitForTimeout(100);
      assert.deepEqual(
        (await off()).map((m) => m.Off),
        [false, false],
      );
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
