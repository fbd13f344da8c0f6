// A browser page on the program that fails the test on any error it logs.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.MAILROOM_SHOTS ?? "";

// Only the development server says these; the window does not. EventsNotify: its
// bridge is open before its runtime is loaded, and something happened in between;
// the page asks for everything once it is there.
const known = [
  /reading 'nodes'/,
  /undefined \(reading 'EventsNotify'\)/,
  /favicon\.ico/,
  /status of 404/,
  /runtime:ready/,
];

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

/** Opens the page of a program in a language, in a fresh profile. */
export async function openPage(browser, url, { language = "en", width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({
    locale: language,
    viewport: { width, height },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const faults = [];
  const fault = (text) => {
    if (!known.some((k) => k.test(text))) faults.push(text);
  };
  page.on("pageerror", (e) => fault(String(e)));
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") fault(m.text());
  });
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.getByRole("navigation").waitFor();
  return { page, faults, close: () => context.close() };
}

// What depends on the colours; all else is the same in light and dark.
const ofColours = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** Every axe rule of WCAG 2.2 A and AA and the best practices; those about colours in light and dark. */
export async function axe(page, where) {
  const found = [];
  for (const [colorScheme, rules] of [
    ["dark", ofColours],
    ["light", {}],
  ]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await settled(page);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(
      (options) => window.axe.run(document, { ...options, resultTypes: ["violations"] }),
      rules,
    );
    for (const v of violations) {
      const nodes = v.nodes
        .slice(0, 4)
        .map((n) => `    ${n.html.slice(0, 200)}\n      ${n.any[0]?.message ?? n.failureSummary}`);
      found.push(`${where} (${colorScheme}): ${v.id}: ${v.help}\n${nodes.join("\n")}`);
    }
  }
  return found;
}

/** Waits until nothing moves any more. */
export async function settled(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const app = document.querySelector(".app");
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "var(--text)";
    // The style sheet turns at once, the components a moment later.
    const turned = () => getComputedStyle(app).color === getComputedStyle(probe).color;
    do await frame();
    while (!turned());
    probe.remove();
    const finite = (a) => a.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(finite)
        .map((a) => a.finished),
    );
    await frame();
  });
}

/** Saves a picture where MAILROOM_SHOTS names a folder. */
export async function shot(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await settled(page);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
