// What is handed over: a certificate in each format, an invitation that a person
// carries out on another computer, its result taken in, an undo that looks first, and
// the record of all that. In Chinese and English, without axe violations.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { axe, launch, openPage, shot } from "./lib/browser.mjs";
import { frontend, newHome, removeHome, startProgram } from "./lib/program.mjs";
import { wordsOf } from "./lib/words.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The practice office's servers, reachable by any program on this computer. */
async function startServers() {
  const child = spawn("go", ["run", "./backend/testkit/cmd/office"], {
    cwd: join(frontend, ".."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [line] = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once("line", (text) => resolve([text]))),
    ended.then(() => []),
  ]);
  if (!line) throw new Error("the servers did not start");
  return {
    ...JSON.parse(line),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** The SHA-256 of a server's certificate, as the trust question shows it. */
function pinOf({ host, port }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

/** A program on a fresh folder, with its page and an open store of passwords. */
async function computer(language, size) {
  const home = await newHome();
  const program = await startProgram(home);
  const opened = await openPage(browser, program.url, { language, ...size });
  await opened.page.evaluate(async () => {
    const { Vault } = window.go.api;
    if ((await Vault.Status()).state !== "open") await Vault.Create("correct horse battery");
  });
  return {
    home,
    page: opened.page,
    async stop() {
      await opened.close().catch(() => undefined);
      await program.stop();
      await removeHome(home);
      assert.deepEqual(opened.faults, []);
    },
  };
}

/** An office move of two people between the servers, the second without passwords. */
function makeMove(page, servers, pins) {
  return page.evaluate(
    async ({ servers, pins }) => {
      const { Moves, Vault } = window.go.api;
      const end = (side, user, secret) => ({
        kind: "imap",
        host: servers[side].host,
        port: servers[side].port,
        security: "tls",
        user,
        secret,
        pin: pins[side],
      });
      const [one, two] = servers.people;
      const key = await Vault.Keep(one.password);
      const move = await Moves.Create({
        name: "",
        options: { verify: "fingerprint", exclude: [] },
        mailboxes: [
          { label: "李雷", from: end("old", one.old, key), to: end("new", one.new, key) },
          { label: "韩梅梅", from: end("old", two.old, ""), to: end("new", two.new, ""), self: true },
        ],
      });
      await Moves.Start(move.id);
      return move.id;
    },
    { servers: { old: servers.old, new: servers.new, people: servers.people }, pins },
  );
}

for (const [language, size] of [
  ["zh-CN", { width: 1280, height: 860 }],
  ["en", { width: 1024, height: 640 }],
]) {
  const t = wordsOf(language);
  const button = (page, key, facts) => page.getByRole("button", { name: t(key, facts), exact: true });

  describe(`papers in ${language}`, () => {
    it("invite a person, take the result in, certify, undo and remember it all", async () => {
      const servers = await startServers();
      const pins = { old: await pinOf(servers.old), new: await pinOf(servers.new) };
      const office = await computer(language, size);
      const desk = await computer(language, size);
      const found = [];
      const look = async (page, name) => {
        await shot(page, `papers-${language}-${name}`);
        found.push(...(await axe(page, name)));
      };
      try {
        const id = await makeMove(office.page, servers, pins);
        await office.page.evaluate((hash) => {
          window.location.hash = hash;
        }, `/move/${id}`);
        const letter = await invite(office, look);
        const result = await moveOneself(desk, letter, servers.people[1].password, look);
        copyFileSync(result, join(office.home, "opened.mailroom"));
        await takeIn(office, look);
        await certify(office, look);
        await undo(office, look);
        await remember(office, look);
        assert.deepEqual(found, []);
      } catch (e) {
        await shot(office.page, `papers-${language}-failed-office`).catch(() => undefined);
        await shot(desk.page, `papers-${language}-failed-desk`).catch(() => undefined);
        throw e;
      } finally {
        await office.stop();
        await desk.stop();
        await servers.stop();
      }
    });
  });

  async function invite({ page }, look) {
    await button(page, "invite.button").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: "韩梅梅" }).waitFor();
    await dialog.getByLabel(t("invite.office")).fill("示例公司");
    await look(page, "invite");
    await dialog.getByRole("button", { name: t("invite.asText") }).click();
    const letter = await page.locator("textarea.letter").inputValue();
    await look(page, "invite-ready");
    await button(page, "invite.close").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    return letter;
  }

  async function moveOneself({ page, home }, letter, password, look) {
    await button(page, "invite.open.link").click();
    await page.getByLabel(t("invite.open.pasteLabel")).fill(letter);
    await button(page, "invite.open.paste").click();
    await page
      .getByRole("heading", { level: 1, name: t("invite.guest.title", { name: "韩梅梅" }) })
      .waitFor();
    assert.equal(await page.getByRole("navigation").count(), 0, "only the own move");
    await look(page, "guest");
    for (const field of await page.getByLabel(t("invite.guest.password")).all()) await field.fill(password);
    await button(page, "invite.guest.start").click();
    await button(page, "invite.result.save").waitFor({ timeout: 180_000 });
    await look(page, "guest-result");
    await button(page, "invite.result.save").click();
    await page.locator(".ant-message-success").waitFor();
    const file = readdirSync(home).find((name) => name.startsWith("result-"));
    assert.ok(file, "a result file");
    return join(home, file);
  }

  async function takeIn({ page }, look) {
    await button(page, "invite.button").click();
    await button(page, "invite.takeIn").click();
    await button(page, "invite.open.file").click();
    await page.getByText(t("invite.taken.title", { name: "韩梅梅" })).waitFor();
    await look(page, "taken");
    await button(page, "invite.taken.show").click();
  }

  async function certify({ page, home }, look) {
    const saved = [];
    for (const format of ["pdf", "html", "xlsx", "csv"]) {
      await button(page, "move.result.certificate").click();
      await page.getByRole("radio", { name: t(`papers.format.${format}`) }).click();
      await page.getByRole("radio", { name: t("papers.language.both") }).click();
      if (format === "pdf") await look(page, "certificate");
      await button(page, "papers.chooseFile").click();
      const path = await page.locator(".saved-path").textContent();
      assert.ok(path.startsWith(home) && existsSync(path), path);
      saved.push(readFileSync(path).subarray(0, 5).toString("latin1"));
      if (format === "csv") await look(page, "certificate-saved");
      await button(page, "papers.close").click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    assert.deepEqual(
      saved.map((head) => head.slice(0, 2)),
      ["%P", "<!", "PK", "ï»"],
    );
  }

  async function undo({ page }, look) {
    await button(page, "move.result.undo").click();
    const dialog = page.getByRole("dialog");
    const field = dialog.getByRole("textbox");
    await field.waitFor();
    await look(page, "undo");
    const stored = (await dialog.locator("label").last().textContent()).replace(/[^\d]/g, "");
    await field.fill(stored);
    await button(dialog, "move.undo.ok", { n: Number(stored).toLocaleString(language) }).click();
    await page.getByText(t("move.result.title.undone")).waitFor({ timeout: 120_000 });
  }

  async function remember({ page }, look) {
    await page.evaluate(() => {
      window.location.hash = "/settings";
    });
    await page.getByRole("table", { name: t("audit.table") }).waitFor();
    for (const act of ["move.undo", "certificate.saved", "invitation.taken"]) {
      await page
        .getByText(t(`audit.act.${act}`))
        .first()
        .waitFor();
    }
    await button(page, "audit.check").click();
    await page.locator("p.good").waitFor();
    await page.getByRole("heading", { name: t("audit.title") }).scrollIntoViewIfNeeded();
    await look(page, "record");
  }
}
