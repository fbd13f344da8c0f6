import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Problem } from "@/api/types";
import {
  changePerson,
  type Draft,
  emptyDraft,
  emptyPerson,
  readDraft,
  type SideName,
  setDraft,
} from "@/features/move/draft";
import { type Gap, rowGap, sideGap } from "@/features/move/draftCheck";
import { endpointOf, inputOf } from "@/features/move/draftInput";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";

interface Lack {
  side: SideName;
  what: "user" | "password" | Gap;
}

type Doing = "" | "from" | "to" | "starting";

/** A draft of one mailbox between two mail servers. */
export function oneDraft(): Draft {
  return { ...emptyDraft("imap"), people: [emptyPerson()] };
}

/** The first thing that is missing, in the order in which the form is read. */
function lackOf(draft: Draft): Lack | undefined {
  const person = draft.people[0];
  for (const side of ["from", "to"] as const) {
    if (!person?.[side].user.trim()) return { side, what: "user" };
    const gap = sideGap(draft[side]);
    if (gap) return { side, what: gap };
    if (rowGap({ ...draft, people: [person] }, side, person)) return { side, what: "password" };
  }
  return undefined;
}

/** Moves the one mailbox that was typed in: signs in on both sides, then starts. */
export function useMoveOne() {
  const client = useClient();
  const cache = useQueryClient();
  const keep = useKeepPasswords();
  const [, go] = useLocation();
  const [doing, setDoing] = useState<Doing>("");
  const [lack, setLack] = useState<Lack>();
  const [trouble, setTrouble] = useState<{ side: SideName; problem: Problem }>();

  async function signIn(side: SideName): Promise<boolean> {
    const draft = readDraft();
    const person = draft.people[0];
    if (!person) return false;
    const test = await client.endpoints.testSignIn(crypto.randomUUID(), endpointOf(draft, side, person));
    changePerson(person.key, side, { test });
    // A refusal is told where the sign-in was entered.
    return test.ok;
  }
  async function start(): Promise<void> {
    const draft = readDraft();
    const made = await client.moves.create(inputOf(draft));
    cache.setQueryData(keys.move(made.id), await client.moves.start(made.id));
    void cache.invalidateQueries({ queryKey: keys.moves });
    setDraft(emptyDraft());
    go(`/move/${made.id}`);
    if (draft.id) await client.drafts.remove(draft.id).catch(() => undefined);
  }

  async function move(): Promise<void> {
    setTrouble(undefined);
    const missing = lackOf(readDraft());
    setLack(missing);
    if (missing) return;
    let side: SideName = "from";
    try {
      if (!(await keep())) return;
      for (side of ["from", "to"] as const) {
        setDoing(side);
        if (!(await signIn(side))) return;
      }
      setDoing("starting");
      await start();
    } catch (e) {
      setTrouble({ side, problem: problemOf(e) });
    } finally {
      setDoing("");
    }
  }
  return { move, doing, lack, trouble };
}
