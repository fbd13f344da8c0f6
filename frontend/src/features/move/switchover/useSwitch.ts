import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useClient } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Problem, Switch, SwitchInput } from "@/api/types";

type Act = (switches: Client["switches"]) => Promise<Switch>;

export interface SwitchActs {
  state: Switch | undefined;
  error: Error | null;
  trouble: Problem | undefined;
  checking: boolean;
  again: () => void;
  forget: () => void;
  check: () => void;
  set: (input: SwitchInput) => void;
  seeLeft: (count: number) => void;
  endWatch: (insist: boolean) => void;
  cancelOld: (insist: boolean) => void;
  setResolvers: (resolvers: string[]) => Promise<void>;
}

/** Where the switch of a move stands, and what can be done about it. */
export function useSwitch(moveId: string): SwitchActs {
  const client = useClient();
  const cache = useQueryClient();
  const request = useRef("");
  const key = keys.switch(moveId);
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => client.switches.get(moveId),
  });
  const mutation = useMutation({
    mutationFn: (act: Act) => act(client.switches),
    onSuccess: (next) => cache.setQueryData(key, next),
  });
  const check = useMutation({
    mutationFn: () => {
      request.current = crypto.randomUUID();
      return client.switches.check(request.current, moveId);
    },
    onSuccess: (next) => cache.setQueryData(key, next),
  });
  const failed = mutation.error ?? check.error;
  return {
    state: data,
    error,
    trouble: failed ? problemOf(failed) : undefined,
    checking: check.isPending,
    again: () => void refetch(),
    forget() {
      mutation.reset();
      check.reset();
    },
    check: () => check.mutate(),
    set: (input) => mutation.mutate((s) => s.set(moveId, input), { onSuccess: () => check.mutate() }),
    seeLeft: (count) => mutation.mutate((s) => s.seeLeft(moveId, count)),
    endWatch: (insist) => mutation.mutate((s) => s.endWatch(moveId, insist)),
    cancelOld: (insist) => mutation.mutate((s) => s.cancelOld(moveId, insist)),
    async setResolvers(resolvers) {
      await client.switches.setResolvers(resolvers);
      await refetch();
    },
  };
}
