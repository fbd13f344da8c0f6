// Records of vendors in Chromium on the real program: Tencent and NetEase emulated at the
// wire at their own pace, and a real mox with mail really sent. The newest days can be asked about
// while the past still comes; what a vendor does not tell is said.
import assert from "node:assert/strict";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { eventually, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { button } from "./lib/steps.mjs";
import { startVendor } from "./lib/vendors.mjs";
import { wordsOf } from "./lib/words.mjs";

const language = process.env.MAILROOM_E2E_LANGUAGE ?? "zh-CN";
const t = wordsOf(language);
const english = language === "en";
let browser;
let vendors;
let home;
let program;
let opened;
before(async () => {
  home = await newHome();
  [browser, program, ...vendors] = await Promise.all([
    launch(),
    startProgram(home),
    startVendor("tencent", { people: 12, departments: 3, days: 5 }),
    startVendor("netease", { people: 10, departments: 3, days: 34 }),
    startVendor("mox", { people: 2, domain: "localhost" }),
  ]);
  opened = await openPage(browser, program.url, { language, width: 1180, height: 820 });
});
after(async () => {
  await opened?.close();
  await program?.stop();
  await Promise.all((vendors ?? []).map((v) => v.stop()));
  await browser?.close();
  await removeHome(home);
});

/** What Postfix writes of one mail. */
const stamp = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19);
const postfix = `${[
  "qmgr[13]: 4AbcD12345z: from=<lin@partner.example>, size=1234, nrcpt=1 (queue active)",
  "smtp[14]: 4AbcD12345z: to=<person1@localhost>, relay=local, delay=1, dsn=2.0.0, status=sent (250 OK)",
  "qmgr[13]: 4AbcD12345z: removed",
]
  .map((line) => `${stamp}.000000+00:00 mx postfix/${line}`)
  .join("\n")}\n`;

const found = [];
const look = async (name) => {
  await shot(opened.page, `sources-${language}-${name}`);
  found.push(...(await axe(opened.page, name)));
};
const call = (service, method, ...args) =>
  opened.page.evaluate(([s, m, a]) => window.go.api[s][m](...a), [service, method, args]);
const go = (hash) =>
  opened.page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

/** Connects an office as the form does, which vendors.test.mjs goes through; its people are read. */
async function connect({ provider, domain, baseUrl = "", ...fields }) {
  const status = await call("Vault", "Status");
  if (status.state !== "open") await call("Vault", "Create", "correct horse battery").catch(() => undefined);
  const maker = (await call("Offices", "Makers")).find((m) => m.id === provider);
  const draft = { id: "", name: "", provider, domain, baseUrl, readOnly: true, values: {}, secrets: {} };
  for (const [key, value] of Object.entries(fields)) {
    const secret = ["secret", "key"].includes(maker.fields.find((f) => f.key === key).kind);
    if (secret) draft.secrets[key] = await call("Vault", "Keep", value);
    else draft.values[key] = value;
  }
  const office = await call("Offices", "Connect", "", draft);
  await eventually("the office's people", async () => {
    const state = await call("Directory", "State", office.id);
    return state.refreshed > 0 && !state.refreshing;
  });
  return office;
}

/** Asks a question and gives the sentence that answers it. */
async function ask(question) {
  const { page } = opened;
  await go("/records");
  await page.getByRole("textbox", { name: t("recordsPage.lookup.box") }).fill(question);
  await page.locator('[aria-busy="false"] #the-answer').waitFor();
  return (await page.locator("#the-answer").textContent()) ?? "";
}

/** Makes the month's report, and an archive of the months that have ended, and verifies it. */
async function reportAndArchive(office, name) {
  const { page } = opened;
  const reports = async () => (await readdir(home)).filter((f) => /^mailroom-\d{4}-\d\d\.pdf$/.test(f));
  for (const old of await reports()) await rm(join(home, old));
  await go("/records/stats");
  await page.locator(".chart-box svg").first().waitFor();
  await button(page, t("recordsPage.report.save")).click();
  await page.getByText(/mailroom-\d{4}-\d\d\.pdf/).waitFor();
  assert.equal((await reports()).length, 1);
  await look(`${name}-stats`);
  const folder = join(home, "archive"); // what every dialog for a folder answers
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await go("/records/archive");
  await button(page, t("recordsPage.archive.choose")).click();
  await page.getByRole("heading", { name: t("recordsPage.archive.title") }).waitFor();
  if ((await call("RecordArchives", "State", office.id)).due.length > 0) {
    await button(page, t("recordsPage.archive.create")).click();
    await page.getByText(t("recordsPage.archive.upToDate")).waitFor();
    await button(page, t("recordsPage.archive.verify")).click();
    const [whole] = t("recordsPage.archive.whole_other", { months: "|" }).split("|");
    await page.getByText(whole.slice(0, 4)).first().waitFor();
  } else await page.getByText(t("recordsPage.archive.upToDate")).waitFor();
  await look(`${name}-archive`);
}

/** Asks until the answer is the one: records are still coming. */
async function askUntil(question, wanted) {
  await eventually(`${wanted} to ${question}`, async () => wanted.test(await ask(question)));
}

const startOf = (key) =>
  t(key, { day: "|", from: "|", to: "|", days: "|", lacks: "|", has: "|", count: "|" }).split("|");

it("Tencent's records come the newest days first, while the past still comes", async () => {
  const { page } = opened;
  const office = await connect(vendors[0].office);
  await go("/records/sources");
  await button(page, t("recordsPage.fetch.now")).click();
  const bar = page.getByRole("progressbar", { name: t("recordsPage.fetch.progress") });
  await bar.waitFor();
  // Two years at the vendor's pace take minutes: it says so, and the last days are there at once.
  await page.getByText(startOf("recordsPage.fetch.already").at(-1)).first().waitFor();
  await look("tencent-progress");
  const who = "chen.xiaoming";
  const signedIn = await ask(english ? `Where did ${who} sign in?` : `${who} 在哪里登录过？`);
  assert.match(signedIn, /203\.0\.113\.\d+/);
  assert.match(signedIn, english ? /does not say which/ : /不区分/);
  const arrived = await ask(english ? "Did 报价单 from partner0 arrive?" : "partner0 发来的报价单收到了吗？");
  assert.match(arrived, english ? /arrived|sent|refused|came back/ : /已送达|已收到|已发出|被拒收|退回/);
  await look("tencent-arrived");
  const deleted = await ask(english ? "Who deleted the mail about 报价单?" : "谁删了报价单那封邮件？");
  assert.ok(deleted.startsWith(startOf("records.verdict.no_such_log")[0]), deleted);
  assert.ok(deleted.includes(t("records.kind.user")));

  // Stopped: what was told is kept.
  await go("/records/sources");
  await button(page, t("recordsPage.fetch.stop")).click();
  await button(page, t("recordsPage.fetch.now")).waitFor();
  const table = page.getByRole("table", { name: t("recordsPage.sources.title") });
  const lack = table.getByRole("row").filter({ hasText: t("records.kind.user") });
  await lack.getByText(startOf("officeReason.not_in_api").at(-1).trim()).waitFor();
  await look("tencent-sources");
  // It does not say how long it keeps its logs: days of nothing are not called complete.
  const nothing = await ask(english ? "zebra last month" : "上个月的斑马");
  assert.match(nothing, english ? /^No trace in the log, but/ : /^没有查到，但/);
  await reportAndArchive(office, "tencent");
});

it("NetEase's records say how long they are kept there, and are archived", async () => {
  const { page } = opened;
  const office = await connect(vendors[1].office);
  await go("/records/sources");
  await button(page, t("recordsPage.fetch.now")).click();
  const kept = t("records.gap.too_old_kept", { from: "|", to: "|", days: 180 }).split("|").at(-1);
  const table = page.getByRole("table", { name: t("recordsPage.sources.title") });
  await table.getByText(kept).first().waitFor();
  await table
    .getByRole("row")
    .filter({ hasText: t("records.kind.sent") })
    .waitFor();
  await look("netease-sources");
  const who = "chen.xiaoming";
  await askUntil(english ? `Where did ${who} sign in?` : `${who} 在哪里登录过？`, /203\.0\.113\.\d+/);
  await askUntil(
    english ? `Did ${who} get a mail?` : `${who} 收到邮件了吗？`,
    english ? /arrived|in the log/ : /已送达|已收到|有这封邮件的记录/,
  );
  const deleted = await ask(english ? "Who deleted the mail about 合同?" : "谁删了合同那封邮件？");
  assert.ok(deleted.startsWith(startOf("records.verdict.no_such_log")[0]), deleted);
  await look("netease-deleted");

  // Once last month has come it is summed and archived.
  const month = new Date(Date.now() - 32 * 86_400_000).toISOString().slice(0, 7);
  await eventually(month, async () => {
    const { months, running } = await call("RecordSources", "State", office.id);
    assert.ok(months.includes(month) || running, "it goes on");
    return months.includes(month);
  });
  await call("RecordSources", "Stop", office.id); // what comes later would be archived once more
  await reportAndArchive(office, "netease");
  assert.ok((await call("RecordArchives", "State", office.id)).months.length > 0);
});

it("a real mox tells what became of mail that was really sent", async () => {
  const { page } = opened;
  const mox = vendors[2];
  const [anna, bert] = ["person1@localhost", "person2@localhost"];
  for (const line of [
    `keep ${anna}`,
    `welcome ${bert}`,
    "hold slow.example.net",
    `send ${JSON.stringify({ from: anna, to: bert, subject: "Quotation" })}`,
    `send ${JSON.stringify({ from: anna, to: "zhou@slow.example.net", subject: "Reminder" })}`,
    `signin ${JSON.stringify({ address: bert, password: "Start-4711-here" })}`,
  ]) {
    assert.equal(await mox.ask(line), "ok", line);
  }
  assert.equal(await mox.ask(`signin ${JSON.stringify({ address: bert, password: "mistyped" })}`), "refused");
  const office = await connect(mox.office);
  await go("/records/sources");
  await button(page, t("recordsPage.fetch.now")).click();
  // mox delivers and writes sign-ins down when it has time: it is fetched again until it has.
  const seen = async (question) =>
    (await call("Records", "Search", "", { shelf: office.id, question, before: "", limit: 9 })).rows.length;
  await eventually("what mox writes down", async () => {
    await call("RecordSources", "Fetch", office.id);
    return (await seen("outcome:delivered")) && (await seen("kind:signin outcome:refused method:imap"));
  });
  const sent = await ask(
    english ? `Did the Quotation from ${anna} arrive?` : `${anna} 发的 Quotation 收到了吗？`,
  );
  assert.ok(sent.startsWith(t("records.verdict.sent", { at: "|" }).split("|")[0]), sent);
  await look("mox-arrived");
  const waits = await ask(english ? "Did the Reminder arrive?" : "Reminder 收到了吗？");
  assert.ok(waits.endsWith(t("records.verdict.pending", { at: "|" }).split("|").at(-1)), waits);
  assert.match(await ask(english ? `Where did ${bert} sign in?` : `${bert} 在哪里登录过？`), /127\.0\.0\.1/);
  const nothing = await ask(english ? "Did the zebra mail arrive?" : "zebra 收到了吗？");
  assert.ok(
    nothing.startsWith(t("records.verdict.no_trace_gap", { since: "|", until: "|" }).split("|")[0]),
    nothing,
  );
  const deleted = await ask(english ? "Who deleted the Quotation?" : "谁删了 Quotation？");
  assert.ok(deleted.startsWith(startOf("records.verdict.no_such_log")[0]), deleted);
  await go("/records/sources");
  await page
    .getByRole("row")
    .filter({ hasText: t("records.kind.received") })
    .waitFor();
  await look("mox-sources");
  await reportAndArchive(office, "mox");

  // A folder that is watched: a server's log in it is read at once.
  const folder = join(home, "archive");
  await rm(folder, { recursive: true });
  await mkdir(folder);
  await writeFile(join(folder, "mail.log"), postfix);
  await go("/records/sources");
  await button(page, t("recordsPage.logs.watch")).click();
  await page.getByText(t("recordsPage.logs.watching", { dir: folder })).waitFor();
  assert.equal(await seen("address:lin@partner.example"), 1);
  await button(page, t("recordsPage.logs.unwatchOne", { dir: folder })).click();
  await page.getByText(t("recordsPage.logs.watching", { dir: folder })).waitFor({ state: "detached" });
  assert.deepEqual(found, []);
  assert.deepEqual(opened.faults, []);
});
