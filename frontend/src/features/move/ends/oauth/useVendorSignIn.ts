import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { LanguageChoice, Problem, SignedIn, SignInStep } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";

/** Asks somebody to sign in at a vendor with the browser or a code, until stopped. */
export function useVendorSignIn() {
  const client = useClient();
  const { i18n } = useTranslation();
  const openVault = useOpenVault();
  const [running, setRunning] = useState(false);
  const [step, setStep] = useState<SignInStep>();
  const [trouble, setTrouble] = useState<Problem>();
  const request = useRef("");

  const stop = useCallback(() => {
    if (request.current) client.app.cancel(request.current).catch(() => undefined);
    request.current = "";
    setRunning(false);
    setStep(undefined);
  }, [client]);

  /** Who signed in; undefined if nobody did, and then trouble says why. */
  const ask = useCallback(
    async (app: string, address: string, byCode: boolean): Promise<SignedIn | undefined> => {
      stop();
      setTrouble(undefined);
      if (!(await openVault())) return undefined;
      const id = crypto.randomUUID();
      request.current = id;
      setRunning(true);
      const deaf = client.on("signin:step", (s) => {
        if (s.requestId === id) setStep(s);
      });
      try {
        const signed = await client.signIns.signIn(id, app, address, byCode, i18n.language as LanguageChoice);
        return request.current === id ? signed : undefined;
      } catch (e) {
        const p = problemOf(e);
        if (request.current === id && p.code !== "canceled") setTrouble(p);
        return undefined;
      } finally {
        deaf();
        if (request.current === id) {
          request.current = "";
          setRunning(false);
          setStep(undefined);
        }
      }
    },
    [client, openVault, stop, i18n],
  );
  // Whoever leaves the form is not waited for.
  useEffect(() => stop, [stop]);
  return { ask, stop, running, step, trouble };
}
