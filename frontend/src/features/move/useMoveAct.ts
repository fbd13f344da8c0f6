import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Move, Problem } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";

type Act = (moves: Client["moves"]) => Promise<Move>;

interface MoveAct {
  /** Does it; true if it was accepted. */
  run: (act: Act, options?: { secrets?: boolean }) => Promise<boolean>;
  /** The same with what steers a move at work. */
  runs: (act: (runs: Client["runs"]) => Promise<Move>) => Promise<boolean>;
  busy: boolean;
  trouble: Problem | undefined;
  forget: () => void;
}

/** Starts, pauses, ends … a move and takes its new state into the cache. */
export function useMoveAct(move: Move): MoveAct {
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const mutation = useMutation({
    mutationFn: (act: Act) => act(client.moves),
    onSuccess: (next) => {
      cache.setQueryData(keys.move(next.id), next);
      void cache.invalidateQueries({ queryKey: keys.moves });
    },
  });
  const needsVault = move.mailboxes.some((m) => m.from.secret !== "" || m.to.secret !== "");
  return {
    async run(act, options) {
      if (options?.secrets && needsVault && !(await openVault())) return false;
      return mutation.mutateAsync(act).then(
        () => true,
        () => false,
      );
    },
    runs: (act) =>
      mutation
        .mutateAsync(() => act(client.runs))
        .then(
          () => true,
          () => false,
        ),
    busy: mutation.isPending,
    trouble: mutation.error ? problemOf(mutation.error) : undefined,
    forget: () => mutation.reset(),
  };
}
