// The page's own texts, so that tests look for what a person reads.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { frontend } from "./program.mjs";

/** A function from a key (and facts) to the text in a language, which it names. */
export function wordsOf(language) {
  const folder = join(frontend, "src/i18n/locales", language);
  const tree = {};
  for (const file of readdirSync(folder)) {
    Object.assign(tree, JSON.parse(readFileSync(join(folder, file), "utf8")));
  }
  const t = (key, facts = {}) => {
    const text = key.split(".").reduce((at, part) => at?.[part], tree);
    if (typeof text !== "string") throw new Error(`no text ${key} in ${language}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(facts[name] ?? ""));
  };
  return Object.assign(t, { language });
}
