import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeWorld } from "@/api/fake/world";
import type { CertificateOrder, Endpoint } from "@/api/types";
import { emptyDraft } from "@/features/move/draft";
import { button, openPage } from "@/test/page";

const practice = (side: "old" | "new", user: string) => ({ kind: "practice", side, user }) as Endpoint;

describe("saving a certificate", () => {
  it("asks for format, language and scope and says what was written", async () => {
    const orders: CertificateOrder[] = [];
    class Listening extends FakeWorld {
      override saveCertificate(order: CertificateOrder) {
        orders.push(order);
        return super.saveCertificate(order);
      }
    }
    const world = new Listening();
    const draft = emptyDraft();
    const people = world.office.people
      .slice(0, 2)
      .map((p) => ({ label: p.name, from: practice("old", p.address), to: practice("new", p.address) }));
    const move = world.create({ name: "", mailboxes: people, options: draft.options });
    world.to(move.id, "running");
    for (let i = 0; i < 500 && world.get(move.id).state === "running"; i++) world.tick();
    const { user } = openPage(`/move/${move.id}`, { world });
    await user.click(await screen.findByRole("button", { name: "Save the certificate…" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("radio", { name: /Excel/ }));
    await user.click(dialog.getByRole("radio", { name: "both languages" }));
    await user.click(dialog.getByRole("radio", { name: /each person/ }));
    await user.click(button("Choose a folder…"));
    await dialog.findByText("/home/li/certificates");
    expect(orders).toEqual([
      { moveId: move.id, mailboxId: "", format: "xlsx", language: "both", perPerson: true, left: false },
    ]);
  });
});
