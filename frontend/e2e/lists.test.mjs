// The mailing lists, the address book, a newcomer and the first page, in Chromium on the
// real program and the practice office.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { apply, button, call, go, openVault } from "./lib/steps.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A shared contact is made, and a colleague hidden. */
async function keepsTheBook(page, t, office, look) {
  await go(page, "/lists/book");
  await button(page, t("book.new")).click();
  const form = page.getByRole("form", { name: t("book.new") });
  await form.getByLabel(t("attr.name"), { exact: true }).fill("Zoe 左伊");
  await form.getByLabel(t("attr.addresses"), { exact: true }).fill("zoe@shop.example");
  await look("book-form");
  await button(form, t("staff.form.next")).click();
  await apply(page, t);
  await page.getByLabel(t("book.search")).fill("zoe@");
  await button(page.getByRole("table", { name: t("book.table") }), "Zoe 左伊").waitFor();
  await look("book");
  await go(page, "/lists/visible");
  const table = page.getByRole("table", { name: t("lists.section.visible") });
  await table.getByRole("checkbox").nth(1).check();
  await look("visible");
  await button(page, t("lists.act.hide")).click();
  await apply(page, t);
  const now = await call(page, "Directory", "Snapshot", office.id);
  assert.ok(now.contacts.some((c) => c.addresses.includes("zoe@shop.example")));
  assert.ok(now.people.some((p) => p.hidden === "yes"));
}

/** Somebody new, from the first page to the letter. */
async function joins(page, t, office, look) {
  await go(page, "/");
  const card = page.getByRole("region", { name: t("office.practiceName") });
  await card.getByText(t("home.todo.title")).waitFor();
  await look("home-office");
  await button(card, t("joiner.open")).click();
  const form = page.getByRole("form", { name: t("joiner.title") });
  await form.getByLabel(t("attr.name"), { exact: true }).fill("欧阳雪儿");
  await form.getByText(t("staff.form.proposalsHint")).waitFor();
  await form.getByLabel(t("joiner.lists")).click();
  await page.getByTitle(/kunden@/).click();
  await page.keyboard.press("Escape");
  await look("joiner");
  await button(form, t("joiner.next")).click();
  await openVault(page, t, page.getByRole("dialog", { name: t("change.title") }));
  await apply(page, t);
  const papers = page.getByRole("region", { name: t("joiner.done", { name: "欧阳雪儿" }) });
  await papers.waitFor();
  const password = await papers.locator("code").textContent();
  assert.ok(password.length >= 8);
  const letter = page.getByRole("region", { name: t("joiner.letter") });
  assert.match(await letter.getByLabel(t("joiner.text")).inputValue(), /ouyang/);
  await look("joiner-papers");
  const now = await call(page, "Directory", "Snapshot", office.id);
  const made = now.people.find((p) => p.name === "欧阳雪儿");
  assert.ok(now.lists.find((l) => l.address.startsWith("kunden@")).members.includes(made.address));
}

for (const [language, size] of [
  ["zh-CN", { width: 1440, height: 900 }],
  ["en", { width: 1024, height: 640 }],
]) {
  const t = wordsOf(language);
  describe(`lists and the book in ${language}`, () => {
    it("keeps mailing lists", async () => {
      const home = await newHome();
      const program = await startProgram(home);
      const opened = await openPage(browser, program.url, { language, ...size });
      const { page } = opened;
      const found = [];
      const look = async (name) => {
        await shot(page, `${name}-${language}`);
        found.push(...(await axe(page, name)));
      };
      try {
        await go(page, "/lists");
        await openVault(page, t, page.getByText(t("offices.emptyTitle")));
        await button(page, t("office.tryPractice")).click();
        const table = page.getByRole("table", { name: t("lists.table") });
        await table.getByRole("row").nth(1).waitFor();
        await look("lists");

        // A new list with a colleague and somebody from outside.
        await button(page, t("lists.new")).click();
        const form = page.getByRole("form", { name: t("lists.new") });
        await form.getByLabel(t("lists.name"), { exact: true }).fill("Kunden 客户");
        await form.getByLabel(t("attr.address"), { exact: true }).fill("kunden");
        const title = t("attr.members");
        await form
          .getByLabel(t("lists.paste", { title }))
          .fill("Guest <guest@shop.example>; second@shop.example，nonsense");
        await button(form, t("lists.add")).click();
        await form.getByText(t("lists.added_other", { count: 2 }), { exact: false }).waitFor();
        await form.getByLabel(t("lists.pickMember", { title })).click();
        await page.locator(".ant-select-item-option").first().click();
        await form.getByRole("radio", { name: new RegExp(t("policy.members_named")) }).check();
        await form.getByLabel(t("lists.paste", { title: t("attr.senders") })).fill("boss@shop.example");
        await button(form, t("lists.add")).last().click();
        await look("list-form");
        await button(form, t("staff.form.next")).click();
        await page.getByRole("dialog", { name: t("change.title") }).waitFor();
        await look("list-plan");
        await apply(page, t);
        await button(table, "Kunden 客户").waitFor();
        const office = (await call(page, "Offices", "List"))[0];
        const kept = (await call(page, "Directory", "Snapshot", office.id)).lists.find((l) =>
          l.address.startsWith("kunden@"),
        );
        assert.equal(kept.members.length, 3);
        assert.deepEqual([kept.policy, kept.senders], ["members_named", ["boss@shop.example"]]);

        // A file with one good row and two bad ones.
        await go(page, "/lists/import");
        const input = await page.evaluateHandle(
          ([text]) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "lists.csv", { type: "text/csv" }));
            return data;
          },
          [
            `address,name,members,policy\nnews@${office.domain},News,a@shop.example,anyone\nx,,,\nkunden@${office.domain},,,whoever\n`,
          ],
        );
        await page
          .getByRole("region", { name: t("lists.fileTitle") })
          .dispatchEvent("drop", { dataTransfer: input });
        await page.getByText(t("fileProblem.bad_address")).waitFor();
        await page.getByText(t("fileProblem.unknown_policy")).waitFor();
        await look("lists-import");
        await button(page, t("intake.next")).click();
        await apply(page, t);

        // Deleting asks for the address.
        await go(page, "/lists");
        await button(table, "News").click();
        await page.getByRole("form", { name: t("lists.edit", { name: "News" }) }).waitFor();
        await button(page, t("staff.delete")).click();
        await apply(page, t, `news@${office.domain}`);
        await button(table, "News").waitFor({ state: "detached" });
        await keepsTheBook(page, t, office, look);
        await joins(page, t, office, look);
        assert.deepEqual(found, []);
        assert.deepEqual(opened.faults, []);
      } catch (e) {
        await shot(page, `failed-lists-${language}`).catch(() => undefined);
        throw e;
      } finally {
        await opened.close().catch(() => undefined);
        await program.stop();
        await removeHome(home);
      }
    });
  });
}
