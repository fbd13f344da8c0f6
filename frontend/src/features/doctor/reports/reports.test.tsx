import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { DMARCSource } from "@/api/doctor";
import { verdictOf } from "@/features/doctor/reports/DomainReports";
import { forgetAll } from "@/lib/memory";
import { button, openPage } from "@/test/page";

beforeEach(() => forgetAll());

describe("DMARC reports", () => {
  it("tells who sends as us, advises to raise and gives the exact record", async () => {
    const { user, go } = openPage("/doctor/reports");
    expect(await screen.findByText("Start with two weeks of reports")).toBeTruthy();
    await user.click(button("Choose reports"));
    const rows = within(await screen.findByRole("table", { name: "Senders" }));
    expect(screen.getByText(/2 reports, 412 messages/)).toBeTruthy();
    expect(rows.getByText("Passes")).toBeTruthy();
    expect(rows.getByText("Not proven yours")).toBeTruthy();
    expect(rows.getByText("Forwarded")).toBeTruthy();
    expect(rows.getByText("2 went to junk or were refused")).toBeTruthy();
    expect(screen.getByText("The policy can be tightened by one step")).toBeTruthy();
    expect(await screen.findByText("v=DMARC1; p=quarantine; rua=mailto:dmarc@office.example")).toBeTruthy();
    expect(button("Copy the value")).toBeTruthy();
    await go("/settings");
    await screen.findByRole("heading", { level: 1, name: "Settings" });
    await go("/doctor/reports");
    expect(await screen.findByRole("table", { name: "Senders" })).toBeTruthy();
    await user.click(button("Clear"));
    expect(screen.getByText("Start with two weeks of reports")).toBeTruthy();
  });

  it("leaves out a file that is no report and reads the others", async () => {
    const { user, client } = openPage("/doctor/reports");
    client.exams.pickReports = async () => ["/home/li/first.xml", "/home/li/broken.xml"];
    await user.click(await screen.findByRole("button", { name: "Choose reports" }));
    expect(await screen.findByText(/1 file could not be read.*broken.xml/)).toBeTruthy();
    expect(screen.getByText(/1 report, 412 messages/)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says what is wrong where nothing could be read", async () => {
    const { user, client } = openPage("/doctor/reports");
    client.exams.pickReports = async () => ["/home/li/broken.xml"];
    await user.click(await screen.findByRole("button", { name: "Choose reports" }));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.queryByRole("table")).toBeNull();
  });

  it("says which tag to change where the DNS is silent", async () => {
    const { user, client } = openPage("/doctor/reports");
    client.exams.assist = async () => Promise.reject(new Error("no answer"));
    await user.click(await screen.findByRole("button", { name: "Choose reports" }));
    expect(await screen.findByText(/The DNS did not answer, so the exact record/)).toBeTruthy();
  });

  it("does not call a record raised that has vanished from the DNS", async () => {
    const { user, client } = openPage("/doctor/reports");
    const assist = client.exams.assist;
    client.exams.assist = async (id, request) => {
      const table = await assist(id, request);
      return { ...table, rows: table.rows.map((r) => ({ ...r, state: "missing" as const, stands: [] })) };
    };
    await user.click(await screen.findByRole("button", { name: "Choose reports" }));
    expect(await screen.findByText(/but the DNS has none now/)).toBeTruthy();
  });

  it("judges a sender by what passed, what was passed on and what failed", () => {
    const base = { count: 10, passed: 0, forwarded: 0, failing: false } as DMARCSource;
    expect(verdictOf({ ...base, passed: 10 })).toBe("pass");
    expect(verdictOf({ ...base, passed: 9, failing: true })).toBe("mend");
    expect(verdictOf({ ...base, passed: 9, forwarded: 1 })).toBe("pass");
    expect(verdictOf({ ...base, passed: 9 })).toBe("part");
    expect(verdictOf({ ...base, forwarded: 10 })).toBe("forwarded");
    expect(verdictOf({ ...base, forwarded: 3 })).toBe("stranger");
  });
});
