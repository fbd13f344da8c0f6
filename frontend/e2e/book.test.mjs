// The address book in Chromium on the real program: where the provider has shared contacts
// (the practice office), and where it has none and the book is kept on this computer (Tencent).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { apply, button, call, go, openVault } from "./lib/steps.mjs";
import { startVendor } from "./lib/vendors.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Drops a file on the page, as from the desktop. */
async function drop(page, t, name, bytes) {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([raw], name));
      return transfer;
    },
    [name, Buffer.from(bytes).toString("base64")],
  );
  const region = page.getByRole("region", { name: t("book.import.title") });
  await region.waitFor();
  await region.dispatchEvent("drop", { dataTransfer: data });
}

/** A card of a Chinese phone: vCard 2.1, GBK (王小明, 示例公司) in quoted-printable; and one that is no good. */
const phone = [
  "BEGIN:VCARD",
  "VERSION:2.1",
  "N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5;=D0=A1=C3=F7;;;",
  "TEL;CELL:13800000001",
  "EMAIL;INTERNET:wang@shop.example",
  "ORG;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CA=BE=C0=FD=",
  "=B9=AB=CB=BE",
  "END:VCARD",
  "BEGIN:VCARD",
  "VERSION:2.1",
  "N:Nobody",
  "EMAIL:nonsense",
  "END:VCARD",
].join("\r\n");

const table =
  "Name,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,Group Membership,Birthday\n" +
  "Zoe Adler,zoe@shop.example,Mobile,+49 170 0000001,Adler GmbH,Sources ::: * myContacts,1980-01-01\n" +
  "Ben Roth,ben@shop.example,Work,+49 30 0000001,Roth KG,Clients,\n" +
  "Wang,WANG@shop.example,,,Renamed Ltd,Clients,\n";

/** Both files into the empty or filled book; a bad card is told, and nobody is doubled. */
async function imports(page, t, look) {
  await go(page, "/lists/book/import");
  await look("book-import");
  await drop(page, t, "phone.vcf", phone);
  await page.getByText(t("fileProblem.bad_address")).waitFor();
  await page.getByText(t("book.import.cardAt", { row: "2" })).waitFor();
  await look("book-cards");
  await button(page, t("intake.next")).click();
  await apply(page, t);
  await button(page, t("intake.again")).click();
  await drop(page, t, "google.csv", table);
  await page.getByText(t("book.import.ignored", { names: "Birthday" })).waitFor();
  await page.getByRole("radio", { name: t("book.import.update") }).check();
  await page.getByText(t("book.import.what.changed"), { exact: false }).last().waitFor();
  await look("book-table");
  await button(page, t("intake.next")).click();
  await apply(page, t);
}

/** Groups: one by drag, one made, renamed and put in order by keys, and one deleted. */
async function sorts(page, t, office, look) {
  const book = async () => {
    const { contacts, groups } = await call(page, "Directory", "Snapshot", office.id);
    const of = (name) => contacts.find((c) => c.addresses.includes(`${name}@shop.example`));
    const names = (c) => c.groups.map((id) => groups.find((g) => g.id === id).name).sort();
    return { contacts, groups, of, in: (name) => names(of(name)) };
  };
  await go(page, "/lists/book");
  const list = page.getByRole("listbox", { name: t("attr.groups") });
  const option = (name) => list.getByRole("option", { name });
  const rows = page.getByRole("table", { name: t("book.table") });
  assert.equal((await book()).of("wang").company, "Renamed Ltd");
  assert.ok((await list.boundingBox()).height > 100, "the groups are seen");
  // From a group's view a contact that is dragged leaves it.
  await option("Sources").click();
  await rows.getByRole("row").filter({ hasText: "Zoe Adler" }).dragTo(option("Clients"));
  await apply(page, t);
  assert.deepEqual((await book()).in("zoe"), ["Clients"]);
  // Several at once, without the mouse, from all: they are added.
  await option(t("book.all")).click();
  for (const name of ["Ben Roth", "Zoe Adler"]) {
    await page.getByLabel(t("staff.select", { name }), { exact: true }).check();
  }
  await page.getByLabel(t("book.addTo")).press("Enter");
  await page.getByTitle("Sources", { exact: true }).click();
  await apply(page, t);
  assert.deepEqual((await book()).in("ben"), ["Clients", "Sources"]);
  // The last group comes first by keys; nothing is sent before it is saved.
  const order = () => list.getByRole("option").evaluateAll((all) => all.map((o) => o.dataset.id));
  const before = await order();
  await option("Clients").click();
  await option("Clients").press("Alt+ArrowUp");
  await page.getByText(t("book.ordered")).waitFor();
  await look("book-groups");
  assert.notDeepEqual(await order(), before);
  await button(page, t("book.saveOrder")).click();
  await apply(page, t);
  const sorted = (await book()).groups.toSorted((a, b) => a.order - b.order).map((g) => g.name);
  assert.ok(sorted.indexOf("Clients") < sorted.indexOf("Sources"));
  await option("Sources").click();
  await option("Sources").press("F2");
  const dialog = page.getByRole("dialog", { name: t("book.group.renameOne", { name: "Sources" }) });
  await dialog.getByLabel(t("book.group.name")).fill("Makers");
  await button(dialog, t("staff.form.next")).click();
  await apply(page, t);
  await option("Makers").click();
  await option("Makers").press("Delete");
  const gone = page.getByRole("dialog", { name: t("book.group.deleteOne", { name: "Makers" }) });
  await gone.getByText(t("book.group.shared")).waitFor();
  await look("book-delete");
  await button(gone, t("staff.form.next")).click();
  await apply(page, t);
  const last = await book();
  assert.ok(last.of("zoe") && !last.groups.some((g) => g.name === "Makers"));
  assert.deepEqual(last.in("ben"), ["Clients"]);
}

/** What goes out comes in as it is, and a phone understands it. */
async function exports(page, t, office, home) {
  for (const format of ["vcard3", "vcard4", "csv", "xlsx"]) {
    await button(page, t("lists.export")).click();
    await page.getByRole("menuitem", { name: t(`book.format.${format}`) }).click();
    const saved = page.getByText(t("change.saved", { path: "|" }).split("|")[0], { exact: false });
    await saved.last().waitFor();
    const ending = format.startsWith("vcard") ? "vcf" : format;
    const path = join(home, `${office.domain} contacts.${ending}`);
    const again = await call(page, "Book", "Read", office.id, {
      file: { path, base64: "", sheet: "" },
      existing: "update",
      group: "",
    });
    assert.ok(again.same >= 3 && again.new + again.changed + again.left + again.stopped === 0, format);
    if (format === "vcard3") {
      const text = await readFile(path, "utf8");
      assert.match(text, /VERSION:3\.0\r\nFN:/);
      assert.match(text, /TEL;TYPE=cell:13800000001\r\n/);
    }
  }
}

/** Another address becomes the main one and an alias is hidden, each after it was shown. */
async function addresses(page, t, look) {
  await go(page, "/people");
  const people = page.getByRole("table", { name: t("staff.table") });
  await people.getByRole("button", { name: "欧阳雪" }).click();
  await button(page, t("staff.edit")).click();
  await page.getByLabel(t("attr.aliases")).fill("ouyang");
  await button(page, t("staff.form.next")).click();
  await apply(page, t);
  await go(page, "/people");
  await people.getByRole("button", { name: "欧阳雪" }).click();
  const lines = page.getByRole("region", { name: t("staff.addresses.title") });
  const [old, next] = ["ouyang.xue@new.example", "ouyang@new.example"];
  await button(lines, t("staff.addresses.makeThisMain", { address: next })).click();
  await apply(page, t);
  const shown = lines.getByRole("switch", { name: t("staff.addresses.showThis", { address: old }) });
  await button(lines, t("staff.addresses.makeThisMain", { address: old })).waitFor();
  await shown.click();
  await apply(page, t);
  await lines.locator('[role="switch"][aria-checked="false"]').waitFor();
  await look("book-addresses");
}

async function visit(language, size, connect, steps) {
  const home = await newHome();
  const program = await startProgram(home);
  const opened = await openPage(browser, program.url, { language, ...size });
  const { page } = opened;
  const t = wordsOf(language);
  const found = [];
  const look = async (name) => {
    await shot(page, `${name}-${language}`);
    found.push(...(await axe(page, name)));
  };
  try {
    await go(page, "/lists/book");
    await openVault(page, t, page.getByText(t("offices.emptyTitle")));
    const office = await connect(page, t);
    await go(page, "/lists/book");
    await steps(page, t, office, look, home);
    assert.deepEqual(found, []);
    assert.deepEqual(opened.faults, []);
  } catch (e) {
    await shot(page, `failed-book-${language}`).catch(() => undefined);
    throw e;
  } finally {
    await opened.close().catch(() => undefined);
    await program.stop();
    await removeHome(home);
  }
}

describe("the address book", () => {
  it("is the provider's where it has one, in zh-CN", () =>
    visit(
      "zh-CN",
      { width: 1440, height: 900 },
      async (page, t) => {
        await button(page, t("office.tryPractice")).click();
        await page.getByRole("table", { name: t("book.table") }).waitFor();
        return (await call(page, "Offices", "List"))[0];
      },
      async (page, t, office, look) => {
        assert.equal(await page.getByText(t("book.local.title")).count(), 0);
        await imports(page, t, look);
        await sorts(page, t, office, look);
        await addresses(page, t, look);
      },
    ));

  it("is kept on this computer where the provider has none, in en", async () => {
    const vendor = await startVendor("tencent", { people: 5, departments: 1, days: 1 });
    try {
      await visit(
        "en",
        { width: 1024, height: 640 },
        async (page, t) => {
          const { provider, domain, baseUrl, contactSecret, corpId } = vendor.office;
          await call(page, "Vault", "Create", "correct horse battery").catch(() => undefined); // a keychain may answer
          const handle = await call(page, "Vault", "Keep", contactSecret);
          const draft = { id: "", name: "", provider, domain, baseUrl, readOnly: false };
          const values = { corpId };
          const office = await call(page, "Offices", "Connect", "", {
            ...draft,
            values,
            secrets: { contactSecret: handle },
          });
          await page.reload();
          await page.getByText(t("book.emptyTitle")).waitFor();
          return office;
        },
        async (page, t, office, look, home) => {
          await page.getByText(t("book.local.title")).waitFor();
          await look("book-empty");
          await button(page, t("lists.import")).click();
          await page.getByRole("region", { name: t("book.import.title") }).waitFor();
          await go(page, "/lists/visible");
          const no = t("officeReason.not_in_api", { provider: "Tencent Exmail" });
          await page.getByText(no).first().waitFor();
          await look("book-visible");
          await go(page, "/people");
          const people = page.getByRole("table", { name: t("staff.table") });
          await people.getByRole("row").nth(1).getByRole("button").first().click();
          const lines = page.getByRole("region", { name: t("staff.addresses.title") });
          await lines.getByText(no, { exact: false }).first().waitFor();
          assert.equal(await lines.getByRole("switch").first().isDisabled(), true);
          await look("book-greyed");
          await imports(page, t, async () => undefined);
          await go(page, "/lists/book");
          await exports(page, t, office, home);
          await look("book-page");
        },
      );
    } finally {
      await vendor.stop();
    }
  });
});
