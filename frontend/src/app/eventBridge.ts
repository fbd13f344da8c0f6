import type { QueryClient } from "@tanstack/react-query";
import type { Client } from "@/api/client";
import { keys } from "@/api/keys";
import type { DirectorySnapshot } from "@/api/offices";
import type { Move, MoveProgress } from "@/api/types";

/**
 * Patches the cache with what the program tells; the only place that does.
 * Events may overtake each other, so one that is older than what is known is
 * dropped, for the sums of a move and for each of its mailboxes.
 */
export function bridgeEvents(client: Client, cache: QueryClient): () => void {
  const order = new Order();
  const stops = [
    client.on("move:progress", (p) => {
      cache.setQueryData<Move>(keys.move(p.moveId), (move) => move && order.merge(move, p));
      cache.setQueryData<Move[]>(keys.moveList, (moves) =>
        moves?.map((move) => (move.id === p.moveId ? mergeSums(move, p) : move)),
      );
    }),
    client.on("move:changed", (c) => {
      if (!order.isNews(`state ${c.moveId}`, c.seq)) return;
      void cache.invalidateQueries({ queryKey: keys.moves });
    }),
    client.on("move:told", (e) => {
      void cache.invalidateQueries({ queryKey: keys.timeline(e.moveId) });
    }),
    client.on("switch:changed", (c) => {
      void cache.invalidateQueries({ queryKey: keys.switch(c.moveId) });
    }),
    client.on("office:changed", () => {
      void cache.invalidateQueries({ queryKey: keys.offices });
    }),
    client.on("directory:changed", (state) => {
      const known = cache.getQueryData<DirectorySnapshot>(keys.directory(state.office));
      cache.setQueryData(keys.directoryState(state.office), state);
      if (!known || state.seq > known.seq || state.refreshed !== known.refreshed) {
        void cache.invalidateQueries({ queryKey: keys.directory(state.office) });
        void cache.invalidateQueries({ queryKey: keys.news(state.office) });
      }
    }),
    client.on("run:progress", (run) => {
      if (!order.isNews(`run ${run.id}`, run.seq)) return;
      cache.setQueryData(keys.run(run.id), run);
      void cache.invalidateQueries({ queryKey: keys.runs(run.office) });
    }),
    client.on("records:progress", (p) => {
      // Logs that were read in passing are told without a kind: no round is at work.
      if (p.running || p.kind || p.problem) cache.setQueryData(keys.recordProgress(p.officeId), p);
      if (!p.running) void cache.invalidateQueries({ queryKey: keys.recordsOf(p.officeId) });
    }),
    client.on("move:removed", (r) => {
      cache.removeQueries({ queryKey: keys.move(r.moveId) });
      void cache.invalidateQueries({ queryKey: keys.moveList });
    }),
    client.on("vault:changed", (status) => cache.setQueryData(keys.vault, status)),
    client.on("app:ready", (startup) => cache.setQueryData(keys.startup, startup)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

class Order {
  private readonly newest = new Map<string, number>();

  isNews(what: string, seq: number): boolean {
    if (seq <= (this.newest.get(what) ?? 0)) return false;
    this.newest.set(what, seq);
    return true;
  }

  merge(move: Move, p: MoveProgress): Move {
    const changed = new Map(
      p.mailboxes.filter((m) => this.isNews(m.mailboxId, p.seq)).map((m) => [m.mailboxId, m] as const),
    );
    if (changed.size === 0) return mergeSums(move, p);
    const progress = move.progress.mailboxes.map((m) => changed.get(m.mailboxId) ?? m);
    const mailboxes = move.mailboxes.map((m) => {
      const news = changed.get(m.id);
      return news ? { ...m, state: news.state, problem: news.problem, progress: news } : m;
    });
    return mergeSums({ ...move, mailboxes, progress: { ...move.progress, mailboxes: progress } }, p);
  }
}

function mergeSums(move: Move, p: MoveProgress): Move {
  if (p.seq <= move.progress.seq) return move;
  return { ...move, state: p.state, progress: { ...p, mailboxes: move.progress.mailboxes } };
}
