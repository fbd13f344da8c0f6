import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import { usualOptions } from "@/api/usualOptions";
import { openPage } from "@/test/page";

describe("the cards of a move", () => {
  it("are made for a chosen provider and saved into a folder", async () => {
    const world = new FakeWorld();
    const mailboxes = world.office.people
      .slice(0, 3)
      .map((p) => ({ label: p.englishName, from: p.from, to: p.to }));
    const { id } = world.create({ name: "", options: usualOptions, mailboxes });
    world.plan(id);
    world.tick();
    world.to(id, "running");
    world.messagesPerTick = 5000;
    for (let i = 0; i < 5; i++) world.tick();

    const { user } = openPage(`/move/${id}`, { world });
    await user.click(await screen.findByRole("button", { name: "Cards for the new mailbox" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText(/3 people get a card each/)).toBeTruthy();
    await user.type(dialog.getByLabelText(/Outgoing server/), "smtp.new.example");
    await user.click(dialog.getByRole("button", { name: /Choose a folder/ }));
    expect(await dialog.findByText("/home/li/Mail settings cards")).toBeTruthy();
    expect(world.cardOrders[0]?.smtp.host).toBe("smtp.new.example");
  });
});
