import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const folder = `${import.meta.dirname}/styles/`;

/** The classes that a style sheet gives a look to, without what it changes of it on small windows or on paper. */
function classes(sheet: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let text = "";
  for (const c of sheet.replace(/\/\*.*?\*\//gs, "")) {
    if (c !== "{" && c !== "}") {
      text += c;
      continue;
    }
    if (c === "{" && depth === 0 && !text.trim().startsWith("@"))
      found.push(...text.split(",").map((s) => s.trim()));
    depth += c === "{" ? 1 : -1;
    text = "";
  }
  return found.filter((s) => /^\.[\w-]+$/.test(s));
}

it("a class has its look in one style sheet", () => {
  const where = new Map<string, Set<string>>();
  for (const file of readdirSync(folder))
    for (const name of classes(readFileSync(folder + file, "utf8")))
      where.set(name, (where.get(name) ?? new Set()).add(file));
  expect(where.size).toBeGreaterThan(100);
  const twice = [...where].filter(([, files]) => files.size > 1);
  expect(twice.map(([name, files]) => `${name}: ${[...files].join(", ")}`)).toEqual([]);
});
