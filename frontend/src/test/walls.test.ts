import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/** From the bottom up: a folder imports from its own and from those below it. */
const floors = ["../wailsjs", "i18n", "api", "lib", "components", "features", "app", "test"];

/** The floor that a file of src/ stands on, and of features the page; main.tsx stands above all. */
function place(path: string): { floor: number; page: string } {
  const floor = floors.findIndex((f) => `${path}/`.startsWith(`${f}/`));
  const page = floors[floor] === "features" ? (path.split("/")[1] ?? "") : "";
  return { floor: floor < 0 ? floors.length : floor, page };
}

/** Why a file may not import another; "" where it may. */
function wrong(from: string, to: string): string {
  const [a, b] = [place(from), place(to)];
  if (b.page && a.page && a.page !== b.page) return "another page";
  if (floors[b.floor] === "../wailsjs" && floors[a.floor] !== "api") return "the bridge, which is api's";
  // A test may use the page that is set up for tests.
  if (floors[b.floor] === "test" && /\.test\.tsx?$/.test(from)) return "";
  return b.floor > a.floor ? "a floor above" : "";
}

/** What a source imports of this project, as paths from src/; types count as well. */
function imports(file: string, source: string): string[] {
  return [...source.matchAll(/\b(?:from|import)\s*\(?\s*"(@\/|\.\.?\/)([^"]+)"/g)].map(
    ([, kind, rest = ""]) =>
      kind === "@/" ? rest : normalize(join(dirname(file), `${kind}${rest}`)).replaceAll("\\", "/"),
  );
}

it("pages import downwards, and none from another", () => {
  const src = join(import.meta.dirname, "..");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((f) => f.replaceAll("\\", "/"))
    .filter((f) => /\.tsx?$/.test(f));
  const edges = files.flatMap((f) =>
    imports(f, readFileSync(join(src, f), "utf8")).map((to) => [f, to] as const),
  );
  expect(edges.length).toBeGreaterThan(1000);
  const told = edges.map(([from, to]) => [wrong(from, to), `${from} imports ${to}`]);
  expect(told.filter(([why]) => why).map(([why, what]) => `${what}: ${why}`)).toEqual([]);
});

it("the walls can be run into", () => {
  const text = 'import type { A } from "@/features/move/draft";\nconst b = import("../app/App");';
  expect(imports("api/real.ts", text)).toEqual(["features/move/draft", "app/App"]);
  expect(wrong("features/home/HomePage.tsx", "features/move/draft")).toBe("another page");
  expect(wrong("features/home/home.test.tsx", "features/move/draft")).toBe("another page");
  expect(wrong("features/home/HomePage.tsx", "../wailsjs/go/api/App")).toBe("the bridge, which is api's");
  expect(wrong("features/home/HomePage.tsx", "app/pages")).toBe("a floor above");
  expect(wrong("features/home/HomePage.tsx", "test/page")).toBe("a floor above");
  expect(wrong("api/call.ts", "lib/format")).toBe("a floor above");
  expect(wrong("features/home/home.test.tsx", "test/page")).toBe("");
  expect(wrong("main.tsx", "app/App")).toBe("");
});
