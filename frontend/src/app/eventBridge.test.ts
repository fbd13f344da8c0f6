import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { fakeClient } from "@/api/fake";
import { FakeWorld } from "@/api/fake/world";
import { fresher } from "@/api/fresher";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";
import { bridgeEvents } from "@/app/eventBridge";

function setUp() {
  const world = new FakeWorld();
  const client = fakeClient({ pace: 0, world });
  const cache = new QueryClient();
  const people = world.office.people.slice(0, 2);
  const move = world.create({
    name: "",
    options: usualOptions,
    mailboxes: people.map((p) => ({ label: p.name, from: p.from, to: p.to })),
  });
  cache.setQueryData(keys.move(move.id), move);
  cache.setQueryData(keys.moveList, [move]);
  bridgeEvents(client, cache);
  const known = () => cache.getQueryData<Move>(keys.move(move.id)) as Move;
  return { world, cache, move, known };
}

describe("progress events", () => {
  it("patch the move and the list", () => {
    const { world, cache, move, known } = setUp();
    world.emit("move:progress", { ...move.progress, seq: 5, perSecond: 77 });
    expect(known().progress.perSecond).toBe(77);
    expect(cache.getQueryData<Move[]>(keys.moveList)?.[0]?.progress.perSecond).toBe(77);
  });

  it("that were overtaken are dropped, for the sums and for each mailbox", () => {
    const { world, move, known } = setUp();
    const [first, second] = move.progress.mailboxes;
    if (!first || !second) throw new Error("two mailboxes expected");
    world.emit("move:progress", {
      ...move.progress,
      seq: 9,
      perSecond: 90,
      mailboxes: [{ ...first, verified: 90 }],
    });
    world.emit("move:progress", {
      ...move.progress,
      seq: 8,
      perSecond: 80,
      mailboxes: [
        { ...first, verified: 80 },
        { ...second, verified: 81 },
      ],
    });
    expect(known().progress.perSecond).toBe(90);
    // The older event still was the newest word about the second mailbox.
    expect(known().progress.mailboxes.map((m) => m.verified)).toEqual([90, 81]);
  });

  it("are not undone by an answer that was under way", () => {
    const { move } = setUp();
    const newer: Move = { ...move, progress: { ...move.progress, seq: 20, perSecond: 20 } };
    const older: Move = { ...move, state: "running", progress: { ...move.progress, seq: 10 } };
    expect(fresher(older, newer).progress.perSecond).toBe(20);
    expect(fresher(older, newer).state).toBe("running");
  });
});
