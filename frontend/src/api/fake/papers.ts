import type { Client } from "@/api/client";
import { fakeGuests } from "@/api/fake/guests";
import type { FakeWorld } from "@/api/fake/world";
import type { AuditEntry } from "@/api/types";

const entry = (seq: number, act: string, subject: string, facts: Record<string, string>): AuditEntry => ({
  seq,
  time: Date.UTC(2026, 10, 22, 9, 30 + seq),
  act,
  subject,
  id: "m1",
  facts,
  before: {},
  after: {},
});

const done = [
  entry(3, "move.ended", "演练公司", { state: "done", messages: "3812", copied: "3812" }),
  entry(2, "move.started", "演练公司", { mailboxes: "11" }),
  entry(1, "move.created", "演练公司", { mailboxes: "11" }),
];

/** The made-up program's papers and record. */
export function fakePapers(world: FakeWorld): Pick<Client, "papers" | "audit" | "guests"> {
  return {
    audit: {
      list: async ({ text }) => {
        const rows = done.filter((e) => `${e.act} ${e.subject}`.includes(text));
        return { total: rows.length, rows };
      },
      check: async () => ({ entries: done.length, flaw: "", at: 0 }),
      export: async () => "/home/li/mailroom-record.csv",
    },
    guests: fakeGuests(world),
    papers: {
      save: async (_, order) => world.saveCertificate(order),
    },
  };
}
