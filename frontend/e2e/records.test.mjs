// Records in Chromium on the real program: the practice office's two years, the three
// questions, search, figures, report, an archive that is made, verified and caught when it
// is changed, and the front desk.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { eventually, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { button, call, go } from "./lib/steps.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The beginning of a sentence that the page makes of facts. */
const before_ = (t, key) => t(key, { at: "|", person: "|", by: "|", count: "|", since: "|", later: "|" });

/** Waits until the first round, which begins by itself, has ended. */
async function fetched(page, t, officeId) {
  await go(page, "/records");
  await page.getByText(t("recordsPage.fetch.firstRound")).waitFor();
  await go(page, "/records/sources");
  const table = page.getByRole("table", { name: t("recordsPage.sources.title") });
  const state = await eventually("all records", async () => {
    const s = await call(page, "RecordSources", "State", officeId);
    return !s.running && s.rows > 0 ? s : undefined;
  });
  await table.waitFor();
  return state;
}

/** Asks a question and gives the sentence that answers it. */
async function ask(page, t, question) {
  await page.getByRole("textbox", { name: t("recordsPage.lookup.box") }).fill(question);
  const answer = page.getByRole("heading", { level: 2 }).first();
  await page.locator('[aria-busy="false"] #the-answer').waitFor();
  return (await answer.textContent()) ?? "";
}

/** The first file of an archive that holds records. */
async function firstData(dir) {
  for (const name of (await readdir(dir)).sort()) {
    const path = join(dir, name);
    if ((await stat(path)).isDirectory()) {
      const found = await firstData(path);
      if (found) return found;
    } else if (/\.(ndjson|csv)/.test(name)) return path;
  }
  return "";
}

/** The office goes; its records are still looked through, and go by their typed name. */
async function removed(page, t, office, look) {
  await call(page, "Offices", "Remove", office.id);
  await go(page, "/records/lookup");
  const card = page.getByRole("region", { name: t("recordsPage.removed.title") });
  await card.waitFor();
  await look("removed");
  await card.getByRole("button", { name: t("recordsPage.removed.look") }).click();
  const title = t("office.practiceName");
  await page.getByText(t("recordsPage.removed.open", { title, at: "|" }).split("|")[0]).waitFor();
  await page
    .getByRole("table", { name: t("recordsPage.table") })
    .getByRole("row")
    .nth(5)
    .waitFor();
  await look("removed-open");
  await button(page, t("recordsPage.archiveClose")).click();
  await card.getByRole("button", { name: new RegExp(`^${t("recordsPage.removed.delete")}`) }).click();
  const sure = button(page, t("recordsPage.removed.askOk"));
  assert.ok(await sure.isDisabled());
  await page.getByLabel(t("recordsPage.typeLabel", { typed: title }), { exact: true }).fill(title);
  await sure.click();
  await card.waitFor({ state: "detached" });
}

/** A password is found while somebody watches: a notice says so, and the start page until somebody looks. */
async function alarmed(page, t, office, look) {
  const { people } = await call(page, "Directory", "Snapshot", office.id);
  const person = people[page.viewportSize().width % people.length].address;
  const line = (i) => ({
    kind: "signin",
    at: new Date(Date.now() - 15_000 + i * 1000).toISOString(),
    id: `${person}-${i}`,
    person,
    ip: "192.0.2.66",
    method: "imap",
    outcome: i < 12 ? "refused" : "ok",
  });
  const file = join(home, "signins.ndjson");
  await writeFile(file, Array.from({ length: 13 }, (_, i) => `${JSON.stringify(line(i))}\n`).join(""));
  await go(page, "/");
  await page.locator("#office-card").waitFor();
  await call(page, "RecordSources", "ReadFiles", "", office.id, [file], "");
  const notice = page.locator(".ant-notification-notice").filter({ hasText: person });
  await notice.waitFor();
  const todo = page
    .locator(".todo-list li")
    .filter({ hasText: person })
    .filter({
      hasText: t("home.todo.unusual.text_other", { who: "|" }).split("|")[0].slice(-6),
    });
  await todo.waitFor();
  await look("alarm");
  await notice.getByRole("button", { name: t("recordsPage.news.act.look") }).click();
  await page.getByRole("heading", { level: 2 }).filter({ hasText: person }).first().waitFor();
  await notice.waitFor({ state: "detached" });
  await look("alarm-page");
  await eventually("it was looked at", async () => {
    return (await call(page, "RecordJudgement", "Alarms", office.id)).length === 0;
  });
}

// One program and one round of fetching serve both languages.
let home;
let program;
before(async () => {
  home = await newHome();
  program = await startProgram(home, { MAILROOM_BY_HAND: "" });
});
after(async () => {
  await program?.stop();
  if (home) await removeHome(home);
});

for (const [language, size] of [
  ["zh-CN", { width: 1280, height: 860 }],
  ["en", { width: 1024, height: 640 }],
]) {
  const t = wordsOf(language);
  const english = language === "en";
  describe(`the practice office's records in ${language}`, () => {
    it("answers the three questions and keeps the months beyond doubt", async () => {
      const opened = await openPage(browser, program.url, { language, ...size });
      const { page } = opened;
      const found = [];
      const look = async (name) => {
        await shot(page, `records-${language}-${name}`);
        found.push(...(await axe(page, name)));
      };
      try {
        const office = await call(page, "Offices", "ConnectPractice");
        if (!english) {
          const state = await fetched(page, t, office.id);
          assert.ok(state.rows > 50_000, `${state.rows} records of two years`);
          assert.ok(state.months.length >= 24);
        }
        await go(page, "/records/sources");
        await page.getByRole("table", { name: t("recordsPage.sources.title") }).waitFor();
        await look("sources");

        // Did it arrive? Who deleted it? Where did I sign in?
        await go(page, "/records");
        await page.getByRole("list", { name: t("recordsPage.lookup.examples") }).waitFor();
        await look("ask");
        const arrived = await ask(
          page,
          t,
          english ? "Did wang.fang get a mail last week?" : "王芳上周收到邮件了吗？",
        );
        assert.match(arrived, english ? /mails came in: \d+ delivered/ : /共收到 \d+ 封邮件：\d+ 封已送达/);
        await look("arrived");
        const deleted = await ask(
          page,
          t,
          english ? "Who deleted mail of wang.fang last month?" : "上个月谁删了王芳的邮件？",
        );
        assert.match(deleted, english ? /deleted|trash|moved/ : /删除|移到/);
        assert.match(deleted, /wang\.fang@new\.example/);
        const evidence = page.getByRole("region", { name: t("recordsPage.lookup.evidence") });
        assert.ok((await evidence.getByRole("listitem").count()) >= 1);
        const signedIn = await ask(
          page,
          t,
          english ? "Where did wang.fang sign in last week?" : "王芳上周在哪里登录过？",
        );
        assert.match(signedIn, /\d+\.\d+\.\d+\.\d+|2001:db8/);
        await look("signed-in");
        const [nothing] = before_(t, "records.verdict.no_trace").split("|");
        assert.ok(
          (await ask(page, t, english ? "zebra crossing last month" : "上个月的斑马线合唱团")).startsWith(
            nothing,
          ),
        );

        // Search by form, one record with all about it, and the search language.
        await go(page, "/records/search");
        await page.getByLabel(t("recordsPage.form.words"), { exact: true }).fill("发票");
        const table = page.getByRole("table", { name: t("recordsPage.table") });
        await table.getByRole("button", { name: /发票/ }).first().click();
        const drawer = page.getByRole("dialog");
        await drawer.getByText(t("records.column.messageId"), { exact: true }).waitFor();
        await look("record");
        await page.keyboard.press("Escape");
        await drawer.waitFor({ state: "hidden" });
        await page.getByText(t("recordsPage.search.language"), { exact: true }).click();
        await page.getByLabel(t("recordsPage.search.question"), { exact: true }).fill('subject:"open');
        await page.getByRole("alert").waitFor();
        await page
          .getByLabel(t("recordsPage.search.question"), { exact: true })
          .fill("kind:signin outcome:refused");
        await table.getByText(t("records.outcome.refused")).first().waitFor();
        await button(page, t("recordsPage.search.export.csv")).click();
        await page.getByText(/mailroom-records\.csv/).waitFor();
        const csv = await readFile(join(home, "mailroom-records.csv"), "utf8");
        assert.ok(csv.split("\n").length > 100);
        await button(page, t("recordsPage.search.export.xlsx")).click();
        await page.getByText(/mailroom-records\.xlsx/).waitFor();
        assert.equal((await readFile(join(home, "mailroom-records.xlsx"))).subarray(0, 2).toString(), "PK");
        // A search that is kept gets another name, is asked again and let go.
        if (english) {
          await button(page, t("recordsPage.saved.title")).click();
          await page.getByLabel(t("recordsPage.saved.name"), { exact: true }).fill("Refused");
          await button(page, t("recordsPage.saved.keep")).click();
          await button(page, t("recordsPage.saved.rename", { name: "Refused" })).click();
          await page.getByLabel(t("recordsPage.saved.newName"), { exact: true }).fill("Wrong passwords");
          await button(page, t("recordsPage.saved.take")).click();
          await button(page, t("recordsPage.saved.forget", { name: "Wrong passwords" })).waitFor();
          await look("saved");
          await button(page, "Wrong passwords").click();
          await table.getByText(t("records.outcome.refused")).first().waitFor();
        }
        await look("search");

        // Figures and the monthly report.
        await go(page, "/records/stats");
        await page.locator(".chart-box svg").first().waitFor();
        // The month that has ended was reported by itself.
        const reports = page.getByRole("table", { name: t("recordsPage.report.list") });
        await reports
          .getByRole("button", { name: /\.pdf$/ })
          .first()
          .waitFor();
        await look("stats");
        await button(page, t("recordsPage.report.save")).click();
        await page.getByText(/mailroom-\d{4}-\d\d\.pdf/).waitFor();
        const pdf = (await readdir(home)).find((f) => f.endsWith(".pdf"));
        assert.equal((await readFile(join(home, pdf))).subarray(0, 5).toString(), "%PDF-");

        await alarmed(page, t, office, look);

        // The rest is the same in both languages but for its words, which the page's own tests see.
        if (english) {
          for (const part of ["unusual", "archive"]) {
            await go(page, `/records/${part}`);
            await page.getByRole("region", { name: t(`recordsPage.section.${part}`), exact: true }).waitFor();
            await look(part);
          }
          await removed(page, t, office, look);
          assert.deepEqual(found, []);
          assert.deepEqual(opened.faults, []);
          return;
        }

        // What is unusual: a false alarm is marked and taken back.
        await go(page, "/records/unusual");
        await page.getByLabel(t("recordsPage.unusual.span")).click();
        await page.getByTitle(t("recordsPage.unusual.days_other", { count: 365 })).click();
        await button(page, t("recordsPage.unusual.dismiss")).first().click();
        await button(page, t("recordsPage.unusual.undo")).click();
        await look("unusual");
        // A rule that asks for more finds less.
        const things = page.getByText(
          new RegExp(`^\\d+ ?${t("recordsPage.unusual.count_other", {}).trim()}$`),
        );
        const before = await things.textContent();
        await page.getByText(t("recordsPage.thresholds.title"), { exact: true }).click();
        await page.getByLabel(t("recordsPage.thresholds.leastSignIns"), { exact: true }).fill("500");
        await button(page, t("recordsPage.thresholds.save")).click();
        await page.getByText(before, { exact: true }).waitFor({ state: "detached" });

        // An archive: made, verified, and caught when a file was changed.
        const folder = join(home, "archive");
        await mkdir(folder, { recursive: true });
        await go(page, "/records/archive");
        await button(page, t("recordsPage.archive.choose")).click();
        await button(page, t("recordsPage.archive.create")).click();
        await page.getByText(t("recordsPage.archive.upToDate")).waitFor();
        const verify = button(page, t("recordsPage.archive.verify"));
        await verify.click();
        const [whole] = t("recordsPage.archive.whole_other", { months: "|" }).split("|");
        await page.getByText(whole).waitFor();
        await look("archive");
        // What is older than a year is deleted by a rule that is seen first; the rest stays beyond doubt.
        await page.getByLabel(t("recordsPage.keep.label"), { exact: true }).click();
        await page.getByTitle(t("recordsPage.keep.months_other", { count: 12 })).click();
        await button(page, t("recordsPage.keep.preview")).click();
        const kept = await call(page, "RecordArchives", "State", office.id);
        await page
          .getByRole("dialog")
          .getByRole("textbox")
          .fill(kept.months[kept.old - 1].month);
        await button(page, t("recordsPage.keep.delete_other", { count: kept.old })).click();
        await page.getByText(t("recordsPage.keep.deleted_other", { count: kept.old })).waitFor();
        await verify.click();
        await page.getByText(t("recordsPage.archive.deletedByRule_other", { count: kept.old })).waitFor();
        await button(page, t("recordsPage.archive.open")).click();
        await page.getByText(t("recordsPage.archiveOpen")).waitFor();
        await page.getByText(t("recordsPage.search.form"), { exact: true }).click();
        await page.getByLabel(t("recordsPage.form.words"), { exact: true }).fill("发票");
        await table.getByRole("button", { name: /发票/ }).first().waitFor();
        await button(page, t("recordsPage.archiveClose")).click();
        await go(page, "/records/archive");
        const data = await firstData(folder);
        const bytes = await readFile(data);
        bytes[Math.floor(bytes.length / 2)] ^= 1;
        await writeFile(data, bytes);
        const lost = (await readdir(dirname(data))).find(
          (f) => f.endsWith(".ndjson.gz") && f !== basename(data),
        );
        await rm(join(dirname(data), lost));
        await verify.click();
        const alert = page.getByRole("alert");
        const named = (fault, file) =>
          alert.getByText(t(`records.archiveFault.${fault}`, { file: `${basename(dirname(data))}/${file}` }));
        await named("file_changed", basename(data)).waitFor();
        await named("file_missing", lost).waitFor();
        await look("archive-broken");

        // The front desk: only the box, until the password ends it.
        await go(page, "/records");
        await button(page, t("recordsPage.desk.button")).click();
        await page.getByLabel(t("recordsPage.desk.newPassword"), { exact: true }).fill("right horse battery");
        await page.getByLabel(t("recordsPage.desk.again"), { exact: true }).fill("right horse battery");
        await button(page, t("recordsPage.desk.lockOk")).click();
        await page.getByRole("heading", { name: t("recordsPage.desk.title") }).waitFor();
        assert.equal(await page.getByRole("navigation").count(), 0);
        await assert.rejects(call(page, "RecordSources", "Fetch", office.id), /front_desk/);
        assert.match(await ask(page, t, "王芳上周在哪里登录过？"), /\d/);
        await look("desk");
        await button(page, t("recordsPage.desk.leave")).click();
        const password = page.getByLabel(t("recordsPage.desk.password"), { exact: true });
        await password.fill("wrong horse battery");
        await button(page, t("recordsPage.desk.leaveOk")).click();
        await page.getByText(t("recordsPage.desk.wrong")).waitFor();
        await password.fill("right horse battery");
        await button(page, t("recordsPage.desk.leaveOk")).click();
        await page.getByRole("navigation").waitFor();
        assert.deepEqual(found, []);
        assert.deepEqual(opened.faults, []);
      } catch (e) {
        await shot(page, `failed-records-${language}`).catch(() => undefined);
        throw e;
      } finally {
        await opened.close();
      }
    });
  });
}
