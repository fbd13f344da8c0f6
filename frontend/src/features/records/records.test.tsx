import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Client } from "@/api/client";
import { noAnswer, noRecords } from "@/api/fake/mailRecords";
import { FakeOffice } from "@/api/fake/staff";
import type { LookupAnswer, RecordRow } from "@/api/records";
import { forgetAll } from "@/lib/memory";
import { openPage } from "@/test/page";

beforeEach(() => forgetAll());

const at = Date.UTC(2026, 10, 12, 14, 3);

function row(id: string, part: Partial<RecordRow> = {}): RecordRow {
  return {
    id,
    source: "tencent",
    kind: "received",
    at,
    zone: "Asia/Shanghai",
    person: "li@office.example",
    name: "",
    from: "zhou@partner.example",
    to: ["li@office.example"],
    subject: `Invoice ${id}`,
    size: 2048,
    ip: "203.0.113.7",
    method: "smtp",
    agent: "",
    action: "",
    target: "",
    outcome: "junk",
    said: "",
    remark: "",
    times: 1,
    messageId: "",
    vendorId: "",
    facts: [{ name: "spam_level", value: "7" }],
    ...part,
  } as RecordRow;
}

function answer(verdict: LookupAnswer["verdict"], part: Partial<LookupAnswer["facts"]> = {}): LookupAnswer {
  const base = noAnswer("invoice");
  return { ...base, verdict, facts: { ...base.facts, ...part } };
}

/** Opens a page for records on a program that answers as the test says. */
async function open(hash: string, teach: (client: Client) => void) {
  const opened = openPage("/settings", { office: new FakeOffice() });
  teach(opened.client);
  await opened.go(hash);
  return opened;
}

describe("asking", () => {
  it("answers in a sentence first, with the evidence beneath and what to do", async () => {
    const asked: string[] = [];
    const { user } = await open("/records", (client) => {
      client.recordLookup.ask = async (_id, _shelf, text) => {
        asked.push(text);
        return {
          ...answer("arrived_junk", { at, person: "li@office.example", subject: "Invoice 1" }),
          line: [row("1")],
        };
      };
    });
    await user.type(await screen.findByRole("textbox", { name: "What do you want to know?" }), "did it come");
    const sentence = await screen.findByRole("heading", { name: /put into li@office.example’s junk folder/ });
    expect(sentence.textContent).toMatch(/November 12/);
    const trail = within(screen.getByRole("region", { name: "The evidence" }));
    expect(trail.getByText("In the junk folder")).toBeTruthy();
    expect(screen.getByText(/mark the mail as not junk/)).toBeTruthy();
    // It waits for a pause in the typing instead of asking with every key.
    expect(asked.length).toBeLessThan(8);
    expect(asked.at(-1)).toBe("did it come");
  });

  it("tells a sure nothing from a gap", async () => {
    const { user } = await open("/records", (client) => {
      client.recordLookup.ask = async (_id, _shelf, text) =>
        text.includes("today")
          ? answer("no_trace", { since: at, until: at + 3_600_000 })
          : answer("no_trace_gap", {
              since: at,
              until: at + 3_600_000,
              gaps: [{ from: at, to: at + 1_800_000, reason: "too_old", code: "internal", days: 0 }],
            });
    });
    const box = await screen.findByRole("textbox", { name: "What do you want to know?" });
    await user.type(box, "today");
    expect(await screen.findByRole("heading", { name: /the log is complete/ })).toBeTruthy();
    await user.clear(box);
    await user.type(box, "last year");
    expect(await screen.findByRole("heading", { name: /the log has gaps/ })).toBeTruthy();
    expect(screen.getByText(/the provider no longer keeps it/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Go to sources and gaps" })).toBeTruthy();
  });

  it("says whom the office does not have, and asks again for who may be meant", async () => {
    const asked: string[] = [];
    const { user } = await open("/records", (client) => {
      client.recordLookup.ask = async (_id, _shelf, text) => {
        asked.push(text);
        if (text.includes("@")) return answer("no_trace", { since: at, until: at + 3_600_000 });
        const strangers = [{ asked: "li.na", near: [{ address: "li.nan@office.example", name: "李娜娜" }] }];
        const none = answer("no_trace", { since: at, until: at + 3_600_000 });
        return { ...none, question: { ...none.question, text }, strangers };
      };
    });
    await user.type(
      await screen.findByRole("textbox", { name: "What do you want to know?" }),
      "mail to Li.Na?",
    );
    expect(await screen.findByText(/Nobody in the office goes by “li.na” today/)).toBeTruthy();
    expect(screen.getByRole("heading", { name: /the log is complete/ })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /li\.nan@office\.example/ }));
    await waitFor(() => expect(asked.at(-1)).toBe("mail to li.nan@office.example ?"));
    await waitFor(() => expect(screen.queryByText(/Nobody in the office/)).toBeNull());
  });

  it("leads from a server's words to what they mean", async () => {
    const said = "550 5.1.1 User unknown";
    const { user } = await open("/records", (client) => {
      client.recordLookup.ask = async () => ({
        ...answer("bounced", { at, person: "li@office.example", subject: "Offer", said }),
        line: [
          row("1", { kind: "sent", outcome: "bounced", said }),
          row("2", { outcome: "delivered", said: "250 OK" }),
        ],
      });
    });
    await user.type(await screen.findByRole("textbox", { name: "What do you want to know?" }), "offer");
    const trail = within(await screen.findByRole("region", { name: "The evidence" }));
    await user.click(trail.getByRole("link", { name: "See what that means" }));
    expect(
      ((await screen.findByRole("textbox", { name: /Returned mail/ })) as HTMLTextAreaElement).value,
    ).toBe(said);
  });

  it("stops an older question when another is asked", async () => {
    const stopped: string[] = [];
    const ids: string[] = [];
    const { user } = await open("/records", (client) => {
      client.recordLookup.ask = async (id, _shelf, text) => {
        ids.push(id);
        if (text === "slow") await new Promise(() => undefined);
        return answer("ask_more");
      };
      client.app.cancel = async (id) => void stopped.push(id);
    });
    const box = await screen.findByRole("textbox", { name: "What do you want to know?" });
    await user.type(box, "slow");
    await waitFor(() => expect(ids.length).toBe(1));
    await user.type(box, "er");
    expect(await screen.findByRole("heading", { name: /Whose mail/ })).toBeTruthy();
    expect(stopped).toContain(ids[0]);
  });
});

describe("searching", () => {
  it("brings page after page and shows what a record was before", async () => {
    const { user } = await open("/records/search", (client) => {
      client.records.search = async () => ({ rows: [row("1"), row("2")], next: "" });
      client.records.row = async (_shelf, id) => ({
        row: row(id),
        past: [{ until: at, row: row(id, { outcome: "pending" }) }],
        story: { ...answer("arrived_junk", { at, person: "li@office.example" }), line: [row(id)] },
      });
    });
    await user.click(await screen.findByRole("button", { name: "Invoice 2" }));
    const drawer = within(await screen.findByRole("dialog"));
    expect(await drawer.findByText(/On its way, seen until/)).toBeTruthy();
    expect(drawer.getByText("spam_level")).toBeTruthy();
  });

  it("names the place of a mistake in a written question", async () => {
    const { AppError, problem } = await import("@/api/errors");
    await open("/records/search/subject%3A%22open", (client) => {
      client.records.search = async () => {
        throw new AppError(problem("invalid", { problem: "quote", at: "9" }));
      };
    });
    expect((await screen.findByRole("alert")).textContent).toBe("Place 9: the quotation mark is not closed.");
  });
});

describe("sources", () => {
  it("says what is missing and why, and fetches", async () => {
    const calls: string[] = [];
    const state = {
      ...noRecords(),
      rows: 12,
      months: ["2026-11"],
      lacks: [{ kind: "user" as const, why: "not_in_api" }],
      sources: [
        {
          source: "tencent",
          kind: "received" as const,
          from: at,
          until: at,
          asked: at,
          gaps: [
            {
              from: at - 86_400_000,
              to: at,
              reason: "too_old" as const,
              code: "internal" as const,
              days: 30,
            },
          ],
        },
      ],
    };
    const { user } = await open("/records/sources", (client) => {
      client.recordSources.state = async () => state;
      client.recordSources.fetch = async (id) => {
        calls.push(id);
        return { ...state, running: true };
      };
    });
    expect(await screen.findByText(/is missing: the provider keeps 30 days/)).toBeTruthy();
    const lack = screen.getByRole("row", { name: /Person’s act/ });
    expect(lack.textContent).toMatch(/no public API for this/);
    await user.click(screen.getByRole("button", { name: "Fetch now" }));
    expect(await screen.findByRole("button", { name: "Stop" })).toBeTruthy();
    expect(calls).toEqual(["o1"]);
  });

  it("tells where a round is, how long the rest takes, and what can be asked about already", async () => {
    const now = new Date(2026, 10, 20, 12).getTime();
    const { world } = await open("/records/sources", (client) => {
      client.recordSources.state = async () => ({ ...noRecords(), running: true });
    });
    await screen.findByRole("button", { name: "Stop" });
    act(() =>
      world.emit("records:progress", {
        officeId: "o1",
        running: true,
        first: false,
        kind: "signin",
        person: "li@new.example",
        from: now - 10 * 86_400_000,
        to: now - 9 * 86_400_000,
        done: 30,
        all: 300,
        rows: 1234,
        new: 1200,
        left: 271_000,
        pace: 8,
      }),
    );
    expect((await screen.findByText(/1,234 read, 1,200 of them new/)).textContent).toMatch(/Nov 10, 2026/);
    expect(screen.getByText(/About 5 minutes left/).textContent).toMatch(/8 times a second at most/);
    expect(screen.getByText(/Everything after Nov 11, 2026 can be asked about already/)).toBeTruthy();
  });
});
