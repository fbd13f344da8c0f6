import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem, SignedIn, SignInStep } from "@/api/types";
import { changePerson, readDraft, type SideName } from "@/features/move/draft";
import { useOpenVault } from "@/features/move/VaultGate";

/** Asks one person to sign in with the browser or a code; what comes of it is kept with the person. */
export function useSignIn(name: SideName, key: string) {
  const client = useClient();
  const openVault = useOpenVault();
  const [running, setRunning] = useState(false);
  const [step, setStep] = useState<SignInStep>();
  const [outcome, setOutcome] = useState<SignedIn>();
  const [trouble, setTrouble] = useState<Problem>();
  const request = useRef("");

  const stop = useCallback(() => {
    if (request.current) client.app.cancel(request.current).catch(() => undefined);
    request.current = "";
    setRunning(false);
    setStep(undefined);
  }, [client]);

  const run = useCallback(
    async (byCode: boolean) => {
      stop();
      setTrouble(undefined);
      setOutcome(undefined);
      if (!(await openVault())) return;
      const id = crypto.randomUUID();
      request.current = id;
      setRunning(true);
      const deaf = client.on("signin:step", (s) => {
        if (s.requestId === id) setStep(s);
      });
      try {
        const draft = readDraft();
        const address = draft.people.find((p) => p.key === key)?.[name].user.trim() ?? "";
        const signed = await client.signIns.signIn(id, draft[name].app, address, byCode);
        if (request.current !== id) return;
        setOutcome(signed);
        changePerson(key, name, {
          password: { typed: "", handle: signed.secret },
          account: signed.account,
          test: undefined,
          ...(address ? {} : { user: signed.account }),
        });
      } catch (e) {
        const p = problemOf(e);
        if (request.current === id && p.code !== "canceled") setTrouble(p);
      } finally {
        deaf();
        if (request.current === id) {
          request.current = "";
          setRunning(false);
          setStep(undefined);
        }
      }
    },
    [client, openVault, stop, name, key],
  );
  // Whoever leaves the form is not waited for.
  useEffect(() => stop, [stop]);
  return { run, stop, running, step, outcome, trouble };
}
