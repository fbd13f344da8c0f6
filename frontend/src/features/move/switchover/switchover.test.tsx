import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeSteps } from "@/api/fake/switchover";
import { FakeWorld } from "@/api/fake/world";
import { usualOptions } from "@/api/usualOptions";
import { button, openPage } from "@/test/page";

function worldWithMove(): { world: FakeWorld; id: string } {
  const world = new FakeWorld();
  const mailboxes = world.office.people.slice(0, 2).map((p) => ({ label: p.name, from: p.from, to: p.to }));
  const { id } = world.create({ name: "", options: usualOptions, mailboxes });
  return { world, id };
}

describe("the day of the switch", () => {
  it("asks where the domain goes, then shows the steps with records to copy", async () => {
    const { world, id } = worldWithMove();
    world.switches.next = {
      steps: fakeSteps({
        people: { state: "done", who: "you", facts: { people: "12" } },
        ttl: {
          state: "todo",
          facts: { ttl: "3600" },
          should: [{ type: "MX", name: "@", value: "mx.old.example", priority: 5, ttl: 600 }],
        },
        mx: { state: "blocked", facts: { why: "ttl,spf" } },
      }),
    };
    const { user } = openPage(`/move/${id}/switch`, { world });
    await screen.findByRole("heading", { name: "Switching over" });
    await user.click(await screen.findByRole("combobox", { name: "To" }));
    await user.click(await screen.findByTitle("New provider"));
    await user.click(button("Save and check"));
    expect(await screen.findByText("Everybody is there (12).")).toBeTruthy();
    expect(screen.getByText("Not yet. First: MX with a short TTL; SPF allows both providers")).toBeTruthy();
    const table = within(screen.getByRole("table"));
    expect(table.getByText("5 mx.old.example")).toBeTruthy();
    expect(table.getByText("600")).toBeTruthy();
    expect(world.switches.state.to).toBe("new");
  });

  it("does not let the watch end too soon without asking twice", async () => {
    const { world, id } = worldWithMove();
    world.switches.state = {
      ...world.switches.state,
      to: "new",
      checked: 1,
      mayEnd: "too_soon",
      steps: fakeSteps({
        after: { state: "wait", who: "program", facts: { why: "too_soon", until: "1795400000000" } },
      }),
    };
    const { user } = openPage(`/move/${id}/switch`, { world });
    await user.click(await screen.findByRole("button", { name: "End the watch" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(world.switches.state.watchEnded).toBe(0);
    await user.click(dialog.getByRole("button", { name: "End it" }));
    await waitFor(() => expect(world.switches.state.watchEnded).toBeGreaterThan(0));
  });
});
