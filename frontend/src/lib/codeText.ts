import { useCallback } from "react";
import { useTranslation } from "react-i18next";

type CodeText = (prefix: string, code: string, facts?: Record<string, string>) => string;

/** The text for a code that comes from the program; the code itself where there is none. */
export function useCodeText(): CodeText {
  const { t, i18n } = useTranslation();
  return useCallback(
    (prefix, code, facts = {}) => {
      const key = `${prefix}.${code}`;
      // The key is made at run time, so the compiler cannot know it.
      return i18n.exists(key) ? (t(key as never, { replace: facts }) as string) : code;
    },
    [t, i18n],
  );
}
