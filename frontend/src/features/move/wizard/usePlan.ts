import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useClient } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";
import { changeDraft, type Person, readDraft } from "@/features/move/draft";
import { inputOf } from "@/features/move/draftInput";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";
import { keptOf, planMark } from "@/features/move/wizard/keep";

/** Ends a dry run and waits until the move can be changed. */
async function stopped(client: Client, id: string): Promise<Move> {
  let move = await client.moves.cancel(id);
  for (let i = 0; !move.can.edit && i < 100; i++) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    move = await client.moves.get(id);
  }
  return move;
}

/** Takes back the invitations of those whose passwords are entered here after all. */
async function takeBack(client: Client, move: Move): Promise<void> {
  const { people } = readDraft();
  for (const [i, person] of people.entries()) {
    const box = move.mailboxes[i];
    if (person.self === false && box?.self) await client.guests.stop(move.id, box.id);
  }
  const told = (p: Person) => (p.self === false ? { ...p, self: undefined } : p);
  changeDraft((d) => ({ people: d.people.map(told) }));
}

/**
 * Makes the draft a move, or brings the move in step with it, and starts a dry run if
 * it would look at something else than the last one. False: the person did not open
 * the vault.
 */
export function usePlan(): (again?: boolean) => Promise<boolean> {
  const client = useClient();
  const cache = useQueryClient();
  const keep = useKeepPasswords();
  return useCallback(
    async (again = false) => {
      if (!(await keep())) return false;
      const draft = readDraft();
      const mark = planMark(draft);
      let move = draft.moveId ? await client.moves.get(draft.moveId) : undefined;
      if (move && !again && draft.planned === mark && (move.planned || move.state === "planning"))
        return true;
      if (move?.state === "planning") move = await stopped(client, move.id);
      const made = move
        ? await client.moves.edit(move.id, inputOf(draft))
        : await client.moves.create(inputOf(draft));
      await takeBack(client, made);
      changeDraft({ moveId: made.id, planned: mark });
      // The draft must know its move even if the program ends now.
      await client.drafts.save(keptOf(readDraft())).catch(() => undefined);
      cache.setQueryData(keys.move(made.id), await client.moves.plan(made.id));
      void cache.invalidateQueries({ queryKey: keys.moves });
      void cache.invalidateQueries({ queryKey: keys.drafts });
      return true;
    },
    [client, cache, keep],
  );
}
