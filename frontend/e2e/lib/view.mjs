// Two ways to look at the program and to act on it with the same words: the real window
// through WebKitWebDriver, and a page in Chromium.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

const patience = 120_000;

/** What both can: wait for a text, press, choose, fill in. */
class View {
  /** Asks a question of the page until the answer is true. */
  async until(what, text, ...args) {
    const end = Date.now() + patience;
    while (Date.now() < end) {
      if (await this.script(`return Boolean(${text})`, ...args)) return;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    throw new Error(`never came: ${what}\n${await this.script("return document.body.innerText")}`);
  }

  async see(text) {
    await this.until(`the text ${text}`, "document.body.innerText.includes(arguments[0])", text);
  }

  /** Tells whether there is a button with exactly this text now. */
  has(text) {
    const found =
      "[...document.querySelectorAll('button')].some((b) => b.textContent.trim() === arguments[0])";
    return this.script(`return ${found}`, text);
  }

  /** Presses the first element of a kind with exactly this text. */
  async click(text, kind = "button") {
    const match =
      "[...document.querySelectorAll(arguments[1])].find((b) => b.textContent.trim() === arguments[0] && !b.disabled)";
    await this.until(`the ${kind} ${text}`, match, text, kind);
    await this.press(`return ${match}`, text, kind);
  }

  /** Opens the folded part with this heading. */
  async unfold(title) {
    const match =
      "[...document.querySelectorAll('details:not([open]) summary')].find((s) => s.textContent.includes(arguments[0]))";
    await this.until(`the part ${title}`, match, title);
    await this.press(`return ${match}`, title);
  }

  /** Replaces what stands in the field with this label. */
  async fill(label, text) {
    const match =
      "document.getElementById([...document.querySelectorAll('label')].find((l) => l.textContent.trim() === arguments[0])?.htmlFor ?? '')";
    await this.until(`the field ${label}`, match, label);
    await this.write(`return ${match}`, text, label);
  }

  /** Chooses from the list of the field with this label, by the beginning of a name. */
  async pick(label, words) {
    await this.fill(label, words);
    const match =
      "[...document.querySelectorAll('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')].find((o) => o.textContent.includes(arguments[0]))";
    await this.until(`${words} in the list`, match, words);
    await this.press(`return ${match}`, words);
    await this.until("the list closed", `!(${match})`, words);
  }
}

/** The real window. */
export class Window extends View {
  constructor(base, driver, pictures) {
    super();
    this.base = base;
    this.driver = driver;
    this.pictures = pictures;
  }

  async ask(method, path, body) {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async open(binary, args = []) {
    const { sessionId } = await this.ask("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } },
    });
    this.base += `/session/${sessionId}`;
  }

  script(text, ...args) {
    return this.ask("POST", "/execute/sync", { script: text, args });
  }

  /** The driver aims where it found the element, so that it must be in sight and lie still. */
  async press(find, ...args) {
    const element = await this.script(find, ...args);
    await this.script(
      `const place = () => JSON.stringify(arguments[0].getBoundingClientRect());
       arguments[0].scrollIntoView({ block: "center", behavior: "instant" });
       return new Promise((done) => {
         const look = (before) => requestAnimationFrame(() => (place() === before ? done() : look(place())));
         requestAnimationFrame(() => look(place()));
       })`,
      element,
    );
    await this.ask("POST", `/element/${Object.values(element)[0]}/click`, {});
  }

  /** Types over what stands there. */
  async write(find, text, ...args) {
    const element = await this.script(find, ...args);
    await this.script("arguments[0].focus(); arguments[0].select()", element);
    await this.ask("POST", `/element/${Object.values(element)[0]}/value`, { text });
  }

  async type(selector, text) {
    const element = await this.script("return document.querySelector(arguments[0])", selector);
    await this.ask("POST", `/element/${Object.values(element)[0]}/value`, { text });
  }

  /** Takes a picture from outside, as a person would see it. */
  async shot(name) {
    await this.script(
      "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
    mkdirSync(this.pictures, { recursive: true });
    const path = join(this.pictures, `window-${name}.png`);
    await this.driver.picture(path);
    assert.ok(statSync(path).size > 15_000, "the window is not blank");
  }
}

/** A page of Playwright's. */
export class Page extends View {
  constructor(page) {
    super();
    this.page = page;
  }

  script(text, ...args) {
    return this.page.evaluate(`(function () { ${text} }).apply(null, ${JSON.stringify(args)})`);
  }

  async element(find, args) {
    const handle = await this.page.evaluateHandle(
      `(function () { ${find} }).apply(null, ${JSON.stringify(args)})`,
    );
    return handle.asElement();
  }

  async press(find, ...args) {
    await (await this.element(find, args)).click();
  }

  async write(find, text, ...args) {
    await (await this.element(find, args)).fill(text);
  }
}
