import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetAll } from "@/features/doctor/memory";
import { button, openPage } from "@/test/page";

beforeEach(() => forgetAll());

describe("the readers", () => {
  it("tells whose side returned mail is on and what to do", async () => {
    const { user } = openPage("/doctor/bounce");
    const field = await screen.findByRole("textbox", { name: /Returned mail/ });
    expect(screen.getByText("Start with a returned mail")).toBeTruthy();
    await user.click(field);
    await user.paste("550 5.1.1 User unknown");
    await user.click(button("Explain it"));
    expect(await screen.findByText("There is no such mailbox")).toBeTruthy();
    expect(screen.getByText("Your side can mend it")).toBeTruthy();
    expect(screen.getByText("1 recipient did not get the mail")).toBeTruthy();
  });

  it("keeps what was read while the person looks elsewhere", async () => {
    const { user, go } = openPage("/doctor/bounce");
    await user.click(await screen.findByRole("button", { name: "Show me an example" }));
    await screen.findByText("There is no such mailbox");
    await go("/settings");
    await screen.findByRole("heading", { level: 1, name: "Settings" });
    await go("/doctor/bounce");
    expect(await screen.findByText("There is no such mailbox")).toBeTruthy();
    await user.click(button("Read another one"));
    expect(screen.getByText("Start with a returned mail")).toBeTruthy();
  });

  it("says why a mail went to junk, with the weight of each ground", async () => {
    const { user } = openPage("/doctor/header");
    await user.click(await screen.findByRole("button", { name: "Show me an example" }));
    const junk = within(await screen.findByRole("region", { name: "Why it went to junk, or not" }));
    expect(junk.getByText("Filters hold this for junk")).toBeTruthy();
    expect(junk.getByText("+60")).toBeTruthy();
    expect(
      junk.getAllByText(/Nothing proves that office.example really sent it .*asks for: refuse/).length,
    ).toBe(2);
  });

  it("refuses what is no header and says so", async () => {
    const { user } = openPage("/doctor/header");
    const field = await screen.findByRole("textbox", { name: /Header or whole message/ });
    await user.click(field);
    await user.paste("hello");
    await user.click(button("Read it"));
    expect(await screen.findByRole("alert")).toBeTruthy();
  });
});

describe("the texts of the readers", () => {
  it("exist for every cause, ground, meaning and oddity of the program", async () => {
    const { readFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const { en } = await import("@/i18n/locales");
    const data = (path: string) =>
      JSON.parse(readFileSync(join(process.cwd(), "../backend/doctor", path), "utf8"));
    const source = (path: string) => readFileSync(join(process.cwd(), "../backend/doctor", path), "utf8");
    const causes = data("bounce/data/causes.json").causes.map((c: { id: string }) => c.id);
    expect(Object.keys(en.bounce.cause).sort()).toEqual([...causes].sort());
    const acts = new Set(data("bounce/data/causes.json").causes.flatMap((c: { acts: string[] }) => c.acts));
    expect(Object.keys(en.bounce.act).sort()).toEqual([...acts].sort());
    const means = new Set(
      data("header/data/marks.json").rules.flatMap((r: { cases: { means: string }[] }) =>
        r.cases.map((c) => c.means),
      ),
    );
    expect(Object.keys(en.mailHeader.means).sort()).toEqual([...means].sort());
    const topics = new Set(data("header/data/marks.json").symbols.map((s: { topic: string }) => s.topic));
    for (const topic of topics)
      if (topic !== "none") expect(en.mailHeader.topic).toHaveProperty(topic as string);
    const junk = source("header/junk.go");
    const grounds = [...junk.matchAll(/^\t"(.*)",$/gm)].flatMap((m) => (m[1] ?? "").split('", "'));
    expect(grounds.length).toBeGreaterThan(10);
    expect(Object.keys(en.mailHeader.ground).sort()).toEqual(grounds.filter((g) => !g.includes(":")).sort());
    for (const [, code] of source("header/header.go").matchAll(/add\("([\w-]+)"/g))
      expect(en.mailHeader.odd).toHaveProperty(code ?? "");
  });
});
