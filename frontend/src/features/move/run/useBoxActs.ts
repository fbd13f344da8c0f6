import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Move, Problem } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";
import type { NextStep } from "@/features/move/run/people";

export interface BoxActs {
  /** Does a step with some mailboxes; a new password is asked for, and people are invited, elsewhere. */
  step: (ids: string[], step: Exclude<NextStep, "password" | "invite">) => void;
  leaveOut: (ids: string[], out: boolean) => void;
  busy: boolean;
  trouble: Problem | undefined;
  forget: () => void;
}

/** Pauses, lets go on, takes out … some mailboxes of a move. */
export function useBoxActs(move: Move): BoxActs {
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const act = useMutation({
    mutationFn: async ({
      secrets,
      run,
    }: {
      secrets: boolean;
      run: (runs: Client["runs"]) => Promise<Move>;
    }) => {
      const needs = secrets && move.mailboxes.some((m) => m.from.secret !== "" || m.to.secret !== "");
      return needs && !(await openVault()) ? undefined : run(client.runs);
    },
    onSuccess: (next) => {
      if (next) cache.setQueryData(keys.move(next.id), next);
    },
  });
  const leaveOut = (ids: string[], out: boolean) =>
    act.mutate({ secrets: false, run: (runs) => runs.leaveOut(move.id, ids, out) });
  return {
    step(ids, step) {
      if (step === "back") leaveOut(ids, false);
      else if (step === "pause") act.mutate({ secrets: false, run: (runs) => runs.pause(move.id, ids) });
      else act.mutate({ secrets: true, run: (runs) => runs.goOn(move.id, ids) });
    },
    leaveOut,
    busy: act.isPending,
    trouble: act.error ? problemOf(act.error) : undefined,
    forget: () => act.reset(),
  };
}
