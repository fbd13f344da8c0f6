import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client } from "@/api/client";
import { noArchive, noRecords, noReports } from "@/api/fake/mailRecords";
import { FakeOffice } from "@/api/fake/staff";
import type { RecordNews, UnusualThing } from "@/api/records";
import { forgetAll } from "@/lib/memory";
import { openPage } from "@/test/page";

beforeEach(() => forgetAll());
afterEach(() => vi.restoreAllMocks());

const at = Date.UTC(2026, 10, 12, 14, 3);

function finding(id: string, part: Partial<UnusualThing>): UnusualThing {
  return {
    id,
    rule: "guessed",
    person: "",
    at,
    until: at,
    count: 0,
    ip: "",
    network: "",
    target: "",
    hour: 3,
    day: "",
    usual: 0,
    like: [],
    evidence: [],
    dismissed: false,
    ...part,
  };
}

/** Opens a page for records on a program that answers as the test says. */
async function open(hash: string, teach: (client: Client) => void) {
  const opened = openPage("/settings", { office: new FakeOffice() });
  teach(opened.client);
  await opened.go(hash);
  return opened;
}

describe("what happens by itself", () => {
  it("tells of a report and of months to archive, and archives them with one click", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false); // the window is hidden
    const acts: string[] = [];
    const due = [
      { month: "2026-09", why: "changed" as const },
      { month: "2026-10", why: "unarchived" as const },
    ];
    const { user } = await open("/records", (client) => {
      client.recordReports.news = async () => [
        {
          officeId: "o1",
          title: "new.example",
          provider: "practice",
          kind: "report",
          months: ["2026-10"],
          changed: [],
          folder: false,
          domain: "",
          zone: "UTC",
          unusual: [],
        },
        {
          officeId: "o1",
          title: "Acme",
          provider: "tencent",
          kind: "archive",
          months: ["2026-09", "2026-10"],
          changed: ["2026-09"],
          folder: true,
          domain: "",
          zone: "UTC",
          unusual: [],
        },
      ];
      client.app.notify = async (title) => void acts.push(`notice: ${title}`);
      client.recordArchives.state = async () => ({ ...noArchive(), folder: "/archive", due });
      client.recordArchives.create = async (_id, office) => {
        acts.push(`archive ${office}`);
        return { ...noArchive(), folder: "/archive" };
      };
    });
    // The practice office by its name, months in words.
    await waitFor(() =>
      expect(acts).toContain("notice: Practice office: the mail report for October 2026 is ready"),
    );
    await user.click(await screen.findByRole("button", { name: "Archive now" }));
    expect(await screen.findByText("Every month that has ended is archived.")).toBeTruthy();
    expect(acts.filter((a) => a.startsWith("archive"))).toEqual(["archive o1"]);
  });

  it("lists the reports, opens them, and lets nobody delete months without typing the last", async () => {
    const acts: string[] = [];
    const months = ["2025-01", "2025-02", "2026-09"].map((month, i) => ({
      seq: i + 1,
      month,
      folder: month,
      made: at,
      rows: 10,
      bytes: 100,
      gaps: 0,
    }));
    const { user, go } = await open("/records/stats", (client) => {
      client.recordSources.state = async () => ({ ...noRecords(), months: ["2026-11", "2026-10"] });
      client.recordReports.state = async () => ({
        ...noReports(),
        made: [
          {
            month: "2026-10",
            made: at,
            auto: true,
            gaps: 1,
            files: [{ name: "Mail report 2026-10.pdf", language: "en", format: "pdf" }],
          },
        ],
      });
      client.recordReports.show = async (_office, month, name) => void acts.push(`${month} ${name}`);
      client.recordArchives.state = async () => ({
        ...noArchive(),
        folder: "/archive",
        months,
        keep: 12,
        old: 2,
        due: [{ month: "2026-08", why: "changed" }],
      });
      client.recordArchives.deleteOld = async (_office, until) => {
        acts.push(`delete until ${until}`);
        return { ...noArchive(), folder: "/archive" };
      };
    });
    const reports = within(await screen.findByRole("table", { name: "Reports that were made" }));
    expect(reports.getByText("one gap")).toBeTruthy();
    await user.click(reports.getByRole("button", { name: "Mail report 2026-10.pdf" }));
    await user.click(reports.getByRole("button", { name: "Show in folder" }));
    await go("/records/archive");
    expect(await screen.findByText(/Outcomes have changed since it was archived/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "See what would be deleted" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/January 2025/)).toBeTruthy();
    const sure = dialog.getByRole("button", { name: "Delete 2 months" });
    expect((sure as HTMLButtonElement).disabled).toBe(true);
    await user.type(dialog.getByLabelText(/Type “2025-02”/), "2025-02");
    await user.click(sure);
    await waitFor(() => expect(acts).toContain("delete until 2025-02"));
    expect(acts).toEqual(["2026-10 Mail report 2026-10.pdf", "2026-10 ", "delete until 2025-02"]);
  });

  it("puts what is grave first, and marks and takes back a false alarm", async () => {
    const acts: string[] = [];
    const thing = (id: string, rule: UnusualThing["rule"], when: number) =>
      finding(id, { rule, person: "li@office.example", at: when, count: 12, ip: "203.0.113.7" });
    const { user } = await open("/records/unusual", (client) => {
      client.recordJudgement.findings = async () => [
        thing("a", "new_hour", at + 1000),
        thing("b", "guessed", at),
      ];
      client.recordJudgement.dismiss = async (_office, id, on) => void acts.push(`${id} ${on}`);
    });
    const titles = async () =>
      (await screen.findAllByRole("heading", { level: 2 })).map((h) => h.textContent);
    await waitFor(async () => expect((await titles())[0]).toMatch(/seems to have been guessed/));
    await user.click(screen.getAllByRole("button", { name: "False alarm" })[0] as HTMLElement);
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(acts).toEqual(["b true", "b false"]);
  });

  it("tells of a guessed password and of a day without mail, and the start page asks until somebody looked", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false); // the window is hidden
    const acts: string[] = [];
    let alarms = [
      finding("g", { rule: "guessed", person: "li@office.example", count: 12, ip: "203.0.113.7" }),
      finding("n", { rule: "few_mails", day: "2026-11-11", usual: 41 }),
    ];
    const { user, go } = await open("/", (client) => {
      client.recordReports.news = async () => [
        { ...noNews(), domain: "office.example", unusual: [finding("x", { rule: "few_mails" }), ...alarms] },
      ];
      client.app.notify = async (title) => void acts.push(title);
      client.recordJudgement.alarms = async () => alarms;
      client.recordJudgement.findings = async () => alarms;
      client.recordJudgement.looked = async (office) => {
        acts.push(`looked ${office}`);
        alarms = [];
      };
    });
    await waitFor(() => expect(acts).toContain("Acme: 3 things in the records are unusual"));
    expect(
      await screen.findByText(/On Nov 11 no mail at all came from outside; 41 are usual on a Wednesday/),
    ).toBeTruthy();
    expect(screen.getByText(/12 refused sign-ins, then one that succeeded/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Examine the domain" })).toBeTruthy();
    const todo = await screen.findByText(/Unusual things were found in the records: li@office.example, /);
    await user.click(within(todo.closest("li") as HTMLElement).getByRole("button"));
    const page = within(await screen.findByRole("region", { name: "Unusual" }));
    expect((await page.findByRole("link", { name: "Examine the domain" })).getAttribute("href")).toMatch(
      /doctor\/check/,
    );
    await waitFor(() => expect(acts).toContain("looked o1"));
    await go("/");
    await waitFor(() => expect(screen.queryByText(/Unusual things were found in the records/)).toBeNull());
  });

  it("shows a day's like as its evidence and lets people choose what they are told at once", async () => {
    const acts: string[] = [];
    const { user } = await open("/records/unusual", (client) => {
      client.recordJudgement.findings = async () => [
        finding("n", {
          rule: "few_mails",
          day: "2026-11-11",
          usual: 41,
          count: 3,
          like: [
            { day: "2026-11-04", count: 41 },
            { day: "2026-10-28", count: 44 },
          ],
        }),
      ];
      client.recordJudgement.setThresholds = async (_office, to) => {
        acts.push(`${to.alarm.join()} ${to.off.join()} ${to.fewPercent}`);
        return to;
      };
    });
    expect(
      await screen.findByText(/On Nov 11 only 3 mails came from outside; 41 are usual on a Wednesday/),
    ).toBeTruthy();
    expect(screen.getByText(/On a public holiday/)).toBeTruthy();
    expect(screen.getByText("Compared with 2 complete days: Nov 4: 41, Oct 28: 44.")).toBeTruthy();
    await user.click(screen.getByText("What counts as unusual"));
    const told = within(await screen.findByRole("group", { name: "Tell me at once what these find" }));
    const burst = "Many mails of one person within minutes";
    await user.click(told.getByRole("checkbox", { name: burst }));
    await user.click(told.getByRole("checkbox", { name: "Many refused sign-ins within an hour" }));
    const applied = within(screen.getByRole("group", { name: "Rules that are applied" }));
    await user.click(applied.getByRole("checkbox", { name: burst }));
    expect((told.getByRole("checkbox", { name: burst }) as HTMLInputElement).disabled).toBe(true);
    const few = screen.getByLabelText("Far less: under so many percent of the usual mail");
    await user.tripleClick(few);
    await user.keyboard("30");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(acts).toEqual(["guessed,forward_outside,few_mails,guessing burst 30"]));
  });
});

function noNews(): RecordNews {
  return {
    officeId: "o1",
    title: "Acme",
    provider: "tencent",
    kind: "unusual",
    months: [],
    changed: [],
    folder: false,
    domain: "",
    zone: "UTC",
    unusual: [],
  };
}
