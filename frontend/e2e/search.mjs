// Measures what each key costs the page while somebody is searched for among 5,000
// people (or as many as MAILROOM_PEOPLE says), in Chromium on the real program:
//   scripts/e2e.sh e2e/search.mjs
// It prints the main thread's time for each key, and how long the list took to follow.
// It is a measurement, not a test.
import { launch, openPage } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";
import { wordsOf } from "./lib/words.mjs";

const people = process.env.MAILROOM_PEOPLE ?? "5000";
const typed = ["wangxiaoming", "lxm", "chen", "zhang.w", "1390000"];
const t = wordsOf("en");
const home = await newHome();
const program = await startProgram(home);
const browser = await launch();
try {
  const { page } = await openPage(browser, program.url, { width: 1280, height: 900 });
  const { id } = await page.evaluate(
    (size) =>
      window.go.api.Offices.Connect("", {
        id: "",
        name: "",
        provider: "practice",
        domain: "",
        values: { size, pace: "full" },
        secrets: {},
        baseUrl: "",
        readOnly: false,
      }),
    people,
  );
  for (;;) {
    const state = await page.evaluate((office) => window.go.api.Directory.State(office), id);
    if (state.refreshed > 0 && !state.refreshing) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const began = Date.now();
  await page.evaluate(() => {
    window.location.hash = "/people";
  });
  await page.getByRole("table", { name: t("staff.table") }).waitFor();
  console.log(`${people} people from the cache in sight after ${Date.now() - began} ms`);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const spent = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map((m) => [m.name, m.value]));
  };
  const field = page.getByLabel(t("staff.search"), { exact: true });
  // Types one key, and tells how long until the answer was painted.
  const key = async (letter) => {
    const at = performance.now();
    await field.press(letter);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    return performance.now() - at;
  };
  await field.focus();
  await key("w");
  let keys = 0;
  let waited = 0;
  const before = await spent();
  for (const text of typed) {
    await field.press("Control+a");
    for (const letter of text) {
      waited += await key(letter);
      keys++;
    }
  }
  const after = await spent();
  const each = (name) => (((after[name] - before[name]) * 1000) / keys).toFixed(1);
  console.log(
    `${keys} keys: ${each("TaskDuration")} ms of the main thread each (script ${each("ScriptDuration")}, layout ` +
      `${each("LayoutDuration")}, style ${each("RecalcStyleDuration")}); ${(waited / keys).toFixed(0)} ms to the second frame; goal 16 ms`,
  );
} finally {
  await browser.close();
  await program.stop();
  await removeHome(home);
}
