// Measures what a progress tick costs the page of a move of 500 people (or as many as
// the first argument says), in Chromium on the real program:
//   scripts/e2e.sh e2e/tick.mjs
// It prints the main thread's time for each tick. It is a measurement, not a test.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, openPage } from "./lib/browser.mjs";
import { newHome, removeHome, startProgram } from "./lib/program.mjs";

const people = Number(process.env.MAILROOM_PEOPLE ?? 500);
const ticks = 200;
const home = await newHome();
const program = await startProgram(home);
const browser = await launch();
try {
  const { page } = await openPage(browser, program.url, { width: 1280, height: 900 });
  const folder = (i) => {
    const path = join(home, "mail", String(i));
    for (const d of ["cur", "new", "tmp"]) mkdirSync(join(path, d), { recursive: true });
    return path;
  };
  const office = await page.evaluate(() => window.go.api.Practice.Office());
  const [one] = office.people;
  const mailboxes = Array.from({ length: people }, (_, i) => ({
    label: `Person ${i}`,
    from: { ...one.from, kind: "maildir", side: "", path: folder(i) },
    to: { ...one.to, kind: "eml", side: "", path: join(home, "new", String(i)) },
  }));
  const { id } = await page.evaluate(
    ([boxes]) =>
      window.go.api.Moves.Create({
        name: "",
        mailboxes: boxes,
        options: {
          verify: "none",
          parallel: 16,
          exclude: [],
          include: [],
          folderRules: [],
          repeat: { hours: 0, at: 0 },
          schedule: { mode: "now", at: 0, zone: "", from: 0, to: 0, days: [], slow: 0, bytesPerDay: 0 },
        },
      }),
    [mailboxes],
  );
  await page.evaluate((move) => window.go.api.Moves.Start(move), id);
  for (;;) {
    const move = await page.evaluate((m) => window.go.api.Moves.Get(m), id);
    if (move.state === "done" || move.state === "failed") break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await page.evaluate((move) => {
    window.location.hash = `/move/${move}`;
  }, id);
  await page.getByRole("table").first().waitFor();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const spent = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map((m) => [m.name, m.value]));
  };
  const run = (count) =>
    page.evaluate(
      async ([move, n]) => {
        const now = await window.go.api.Moves.Get(move);
        let seq = now.progress.seq + 1_000_000;
        for (let i = 0; i < n; i++) {
          const changed = Array.from({ length: 16 }, (_, k) => {
            const m = now.progress.mailboxes[(i + k * 31) % now.progress.mailboxes.length];
            const counts = {
              messages: 1000,
              copied: i % 1000,
              alreadyThere: 0,
              excluded: 0,
              leftBehind: 0,
              pending: 1000 - (i % 1000),
            };
            return {
              ...m,
              state: "running",
              phase: "copying",
              folder: "INBOX",
              counts,
              perSecond: i,
              etaMs: 60_000 - i,
            };
          });
          window.runtime.EventsEmit("move:progress", {
            ...now.progress,
            seq: ++seq,
            state: "running",
            mailboxes: changed,
          });
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
      },
      [id, count],
    );
  await run(20); // warm
  const before = await spent();
  await run(ticks);
  const after = await spent();
  const each = (name) => (((after[name] - before[name]) * 1000) / ticks).toFixed(2);
  console.log(
    `${people} people, ${ticks} ticks of 16 mailboxes: ${each("TaskDuration")} ms of the main thread each ` +
      `(script ${each("ScriptDuration")}, layout ${each("LayoutDuration")}, style ${each("RecalcStyleDuration")}); goal 16 ms`,
  );
} finally {
  await browser.close();
  await program.stop();
  await removeHome(home);
}
