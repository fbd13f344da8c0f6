import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import { atOnce, usualOptions } from "@/api/usualOptions";
import { clockChoices, clockOf, ofMode, onDay, whenWrong } from "@/features/move/when/when";
import { card, openPage } from "@/test/page";

describe("the times of a move", () => {
  const now = new Date(2026, 10, 26, 21, 0);

  it("offers hours that suit an office, and keeps the daily limit", () => {
    const before = { ...atOnce, bytesPerDay: 7 };
    expect(ofMode("nights", before, now)).toMatchObject({ from: 1200, to: 420, bytesPerDay: 7, days: [] });
    expect(ofMode("gentle", before, now)).toMatchObject({ from: 540, to: 1080, days: [1, 2, 3, 4, 5] });
    expect(new Date(ofMode("at", before, now).at)).toEqual(new Date(2026, 10, 27, 20, 0));
    expect(ofMode("now", { ...before, mode: "nights", from: 3 }, now)).toEqual(before);
  });

  it("says what cannot be", () => {
    expect(whenWrong({ ...atOnce, mode: "nights", from: 60, to: 60 })).toBe("hours");
    expect(whenWrong({ ...atOnce, mode: "gentle", from: 60, to: 90 })).toBe("slow");
    expect(whenWrong(atOnce)).toBeUndefined();
  });

  it("writes times of day, odd ones too", () => {
    expect(clockOf(1350)).toBe("22:30");
    expect(clockChoices(7)).toHaveLength(49);
    expect(new Date(onDay(now.getTime(), 90))).toEqual(new Date(2026, 10, 26, 1, 30));
  });
});

describe("the step about time", () => {
  it("keeps what is chosen and says when it will be done", async () => {
    const world = new FakeWorld();
    const mailboxes = world.office.people.slice(0, 2).map((p) => ({ label: p.name, from: p.from, to: p.to }));
    const { id } = world.create({ name: "", options: usualOptions, mailboxes });
    world.plan(id);
    world.tick();
    const { user, go } = openPage(`/move/${id}`, { world });
    await screen.findByRole("table", { name: "Dry run by person" });
    await go(window.location.hash.slice(1).replace(/check$/, "when"));
    const when = await card("When to move");
    await when.findByText(/^Done by about/);
    await user.click(when.getByRole("radio", { name: /At night/ }));
    await waitFor(() => expect(world.get(id).options.schedule).toMatchObject({ mode: "nights", from: 1200 }));
    expect(await when.findByText(/The chosen hours and speed/)).toBeTruthy();

    await user.click(when.getByRole("radio", { name: /All day, gently/ }));
    const slow = await when.findByRole("spinbutton", { name: "Speed in those hours" });
    await user.clear(slow);
    await user.type(slow, "2");
    await user.tab();
    await waitFor(() => expect(world.get(id).options.schedule.slow).toBe(2 * 1024 * 1024));
    await user.click(when.getByRole("checkbox", { name: "Saturday" }));
    await waitFor(() => expect(world.get(id).options.schedule.days).toEqual([1, 2, 3, 4, 5, 6]));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
