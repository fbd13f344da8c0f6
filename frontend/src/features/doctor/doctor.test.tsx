import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetAll } from "@/lib/memory";
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
    expect(screen.getByText("Your side can fix it")).toBeTruthy();
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
    expect(junk.getByText("Filters take this for junk")).toBeTruthy();
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

describe("the examination", () => {
  it("shows the worst first with the exact record, what is in order folded", async () => {
    const { user } = openPage("/doctor");
    await screen.findByText("Start with your domain");
    await user.type(screen.getByRole("textbox", { name: "Domain or e-mail address" }), "office.example");
    await user.click(button("Check"));
    expect(await screen.findByText("There is no SPF record.")).toBeTruthy();
    expect(screen.getByText("v=spf1 -all")).toBeTruthy();
    expect(screen.getByRole("heading", { level: 2, name: /Something is broken/ })).toBeTruthy();
    expect(screen.getByText("1 check in order")).toBeTruthy();
    expect(await screen.findByRole("button", { name: /Check again/ })).toBeTruthy();
    await user.click(button("Support sheet"));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText(/Check of office.example/)).toBeTruthy();
  });

  it("opens with the domain that another page hands over", async () => {
    openPage("/doctor/check/office.example");
    expect(await screen.findByText("There is no SPF record.")).toBeTruthy();
  });
});

describe("a guide", () => {
  it("asks what only a person knows, tests the rest and ends in an act", async () => {
    const { user } = openPage("/doctor/guides");
    await user.click(await screen.findByRole("link", { name: /Mail goes to junk/ }));
    await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "li@office.example");
    await user.click(button("Start"));
    await user.click(await screen.findByRole("button", { name: "Mine, at the recipient’s" }));
    expect(await screen.findByText("A list names it.")).toBeTruthy();
    expect(screen.getByText("Get off the block list")).toBeTruthy();
    await user.click(button("One step back"));
    expect(await screen.findByText("Whose mail is taken for junk?")).toBeTruthy();
  });
});

describe("the other parts", () => {
  it("tells what stands in the DNS and what should", async () => {
    const { user, go, world } = openPage("/doctor/dns");
    await user.type(await screen.findByRole("textbox", { name: "Domain" }), "office.example");
    await user.click(button("Compare"));
    const rows = within(await screen.findByRole("table", { name: "DNS records" }));
    expect(rows.getByText("v=spf1 include:spf.mail.qq.com ~all")).toBeTruthy();
    expect(rows.getByText("Missing")).toBeTruthy();
    expect(rows.getByText("(leave it empty)")).toBeTruthy();
    expect(screen.getByText(/Where to click at Huawei Cloud DNS/)).toBeTruthy();
    expect(screen.getByText(/in double quotes/)).toBeTruthy();
    expect(rows.getByText(/The record alone has no effect.*mta-sts.office.example/)).toBeTruthy();
    expect(rows.getByText(/mode: testing/)).toBeTruthy();
    expect(rows.getByRole("button", { name: "Copy the file" })).toBeTruthy();
    await user.click(button("Watch until all is well"));
    expect(await screen.findByText(/Watching/)).toBeTruthy();
    // The news comes wherever the person is by then.
    await go("/settings");
    const table = { domain: "office.example", shown: "office.example", provider: "", againMs: 1, rows: [] };
    world.emit("assist:changed", { id: "watch", seq: 1, table: { ...table, green: true }, over: true });
    expect(await screen.findByText("All DNS records of office.example are in place.")).toBeTruthy();
  });

  it("sends a test letter and judges its journey", async () => {
    const { user } = openPage("/doctor/letter");
    await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "li@office.example");
    await user.type(screen.getByLabelText("Password or app password"), "rosenrot-7");
    await user.click(button("Send"));
    expect(await screen.findByText("Everything works")).toBeTruthy();
    expect(screen.getByText("after 3.1 s")).toBeTruthy();
  });

  it("watches a domain and stops when told", async () => {
    const { user, world } = openPage("/doctor/monitor");
    await user.type(await screen.findByRole("textbox", { name: "Domain" }), "office.example");
    await user.click(button("Watch it"));
    const list = within(await screen.findByRole("list", { name: "Watched domains" }));
    expect(await list.findByRole("img", { name: "1 of 1 checks in order" })).toBeTruthy();
    const change = { watchId: "watch-1", domain: "office.example", at: 1, check: "mx.present", subject: "" };
    world.emit("monitor:told", {
      seq: 1,
      watchId: "watch-1",
      look: { at: 1, verdict: "fail", away: false, fails: 1, warns: 0, passes: 0, took: 1 },
      changes: [{ ...change, from: "pass", to: "fail", reason: "none", worse: true }],
    });
    expect(await screen.findByText(/office.example: .* is now “Broken”/)).toBeTruthy();
    expect(list.getByRole("button", { name: "The usual checks" })).toBeTruthy();
    await user.click(list.getByRole("button", { name: "Stop watching" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Stop watching" }));
    expect(await screen.findByText("Start with your own domain")).toBeTruthy();
  });

  it("answers questions by words that people type", async () => {
    const { user } = openPage("/doctor/questions");
    await user.type(await screen.findByRole("textbox", { name: "Search the questions" }), "spamhaus");
    expect(await screen.findByText("How do I get off a block list?")).toBeTruthy();
    await user.type(screen.getByRole("textbox", { name: "Search the questions" }), "zzz");
    expect(await screen.findByText(/No question fits/)).toBeTruthy();
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
