import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { type TroubleText, troubleText } from "@/components/trouble";
import { useCodeText } from "@/lib/codeText";

/**
 * Trouble with a provider's administration, in its own words: a refused key is no
 * mistyped password, and a refused change no message that was sent back. Where the
 * adapter told the reason, its sentence says what to do as well.
 */
export function useOfficeTrouble(): (p: Problem) => TroubleText {
  const { t, i18n } = useTranslation();
  const code = useCodeText();
  return useCallback(
    (p) => {
      const at = `officeTrouble.${p.code}`;
      const text = i18n.exists(at)
        ? { what: code(at, "what"), why: code(at, "why"), todo: code(at, "todo") }
        : troubleText(t, p);
      const reason = `officeWhy.${p.args.reason ?? ""}`;
      return i18n.exists(reason)
        ? { what: text.what, why: code("officeWhy", p.args.reason ?? ""), todo: "" }
        : text;
    },
    [t, i18n, code],
  );
}

/** The one sentence for a line: the reason where it is known, else what happened. */
export function oneSentence(text: TroubleText): string {
  return text.todo === "" ? text.why : text.what;
}
