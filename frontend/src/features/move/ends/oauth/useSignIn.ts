import { useCallback, useState } from "react";
import type { SignedIn } from "@/api/types";
import { changePerson, readDraft, type SideName } from "@/features/move/draft";
import { useVendorSignIn } from "@/features/move/ends/oauth/useVendorSignIn";

/** Asks one person of the draft to sign in; what comes of it is kept with the person. */
export function useSignIn(name: SideName, key: string) {
  const { ask, ...rest } = useVendorSignIn();
  const [outcome, setOutcome] = useState<SignedIn>();
  const run = useCallback(
    async (byCode: boolean) => {
      setOutcome(undefined);
      const draft = readDraft();
      const address = draft.people.find((p) => p.key === key)?.[name].user.trim() ?? "";
      const signed = await ask(draft[name].app, address, byCode);
      if (!signed) return;
      setOutcome(signed);
      changePerson(key, name, {
        password: { typed: "", handle: signed.secret },
        account: signed.account,
        test: undefined,
        ...(address ? {} : { user: signed.account }),
      });
    },
    [ask, name, key],
  );
  return { ...rest, run, outcome };
}
