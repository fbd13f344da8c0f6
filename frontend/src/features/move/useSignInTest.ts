import { useCallback, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { changePerson, readDraft, type SideName } from "@/features/move/draft";
import { endpointOf } from "@/features/move/draftInput";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";

/** Tries the sign-in of one person on one side; the result is kept with the person. */
export function useSignInTest() {
  const client = useClient();
  const keep = useKeepPasswords();
  const [running, setRunning] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const request = useRef("");

  const run = useCallback(
    async (name: SideName, key: string, stepsDone = false) => {
      setTrouble(undefined);
      setRunning(true);
      const id = crypto.randomUUID();
      request.current = id;
      try {
        if (!(await keep())) return;
        const draft = readDraft();
        const person = draft.people.find((p) => p.key === key);
        if (!person) return;
        const endpoint = endpointOf(draft, name, person);
        if (stepsDone) await client.endpoints.stepsDone(endpoint);
        const result = await client.endpoints.testSignIn(id, endpoint);
        if (request.current === id) changePerson(key, name, { test: result });
      } catch (e) {
        const p = problemOf(e);
        if (request.current === id && p.code !== "canceled") setTrouble(p);
      } finally {
        if (request.current === id) setRunning(false);
      }
    },
    [client, keep],
  );
  const stop = useCallback(() => {
    client.app.cancel(request.current).catch(() => undefined);
    request.current = "";
    setRunning(false);
  }, [client]);
  return { run, stop, running, trouble };
}
