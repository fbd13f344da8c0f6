// The whole practice move, with the day of the switch, in the program's real window, steered through WebKitWebDriver.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { startDns } from "./lib/dns.mjs";
import { answering, freePort, newHome, removeHome, runWithDisplay } from "./lib/program.mjs";
import { oldZone, switchOver } from "./lib/steps.mjs";
import { Window } from "./lib/view.mjs";
import { wordsOf } from "./lib/words.mjs";

it("the practice move runs in the real window, in Chinese and then in English", async () => {
  const binary = process.env.MAILROOM_E2E_BINARY;
  if (!binary) throw new Error("MAILROOM_E2E_BINARY must name a build with the tag e2e: run scripts/e2e.sh");
  const home = await newHome();
  // Where the window was the last time: it is put there while it opens.
  await mkdir(join(home, "data"));
  await writeFile(
    join(home, "data", "window.json"),
    JSON.stringify({ x: 40, y: 20, width: 1200, height: 780, maximised: false }),
  );
  const dns = await startDns(oldZone());
  const port = await freePort();
  const driver = runWithDisplay([process.env.WEBKIT_DRIVER ?? "WebKitWebDriver", `--port=${port}`], {
    HOME: home,
    XDG_DATA_HOME: join(home, "share"),
    MAILROOM_HOME: join(home, "data"),
    MAILROOM_E2E_DIR: home,
  });
  try {
    await answering(`http://127.0.0.1:${port}/status`, driver);
    const view = new Window(`http://127.0.0.1:${port}`, driver, process.env.MAILROOM_SHOTS || home);
    await view.open(binary);
    const zh = wordsOf("zh-CN");
    const en = wordsOf("en");
    await view.see(zh("home.first.title"));
    await view.until(
      "the size it had",
      "innerWidth === arguments[0].width && innerHeight === arguments[0].height",
      { width: 1200, height: 780 },
    );
    await view.shot("zh-home");
    await view.click(zh("home.first.practice"));
    await view.until("the people", "document.querySelectorAll('[role=table] [role=row]').length > 10");
    const next = (step) => view.click(zh("wizard.next", { step: zh(`wizard.step.${step}`) }));
    await next("folders");
    await view.see(zh("wizard.folders.titleAll"));
    await view.shot("zh-folders");
    await next("check");
    await view.see(zh("move.check.exact"));
    await view.shot("zh-check");
    await next("when");
    await view.see(zh("when.title"));
    await view.click(zh("move.check.start"));
    await view.see(zh("move.result.title.done"));
    await view.see(zh("move.result.verified.fingerprint"));
    await view.shot("zh-result");
    await view.click(zh("move.result.delta"));
    await view.until(
      "a second run",
      "document.body.innerText.split(arguments[0]).length > 2",
      zh("run.event.finished", { n: "|" }).split("|")[0],
    );
    await view.see(zh("move.result.title.done"));

    await switchOver(view, zh, dns);
    await view.shot("zh-switch");
    await view.click(zh("switchover.back"), "a");

    await view.click(zh("move.result.certificate"));
    await view.click(zh("papers.format.html"), "label");
    await view.click(zh("papers.chooseFile"));
    await view.until(
      "the saved certificate",
      "document.querySelector('.saved-path')?.textContent.startsWith(arguments[0])",
      home,
    );
    await view.click(zh("papers.close"));

    await view.click(zh("top.otherLanguageShort"));
    await view.see(en("move.result.title.done"));
    assert.equal(await view.script("return document.documentElement.lang"), "en");
    await view.shot("en-result");

    await view.click(en("move.result.undo"));
    await view.until("the question", "document.querySelector('[role=dialog] .field label')");
    const stored = await view.script(
      "return document.querySelector('[role=dialog] .field label').textContent.replace(/\\D/g, '')",
    );
    await view.type("[role=dialog] .field input", stored);
    await view.click(en("move.undo.ok", { n: Number(stored).toLocaleString("en") }));
    await view.see(en("move.result.title.undone"));
    const refused = await view.script(
      "try { return String(new Function('return 1')()) } catch (e) { return e.name }",
    );
    assert.equal(refused, "EvalError", "the content policy holds in the window");
  } finally {
    await driver.stop();
    await dns.stop();
    await removeHome(home);
  }
});
