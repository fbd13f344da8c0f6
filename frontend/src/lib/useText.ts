import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export type Text = (key: string, facts?: Record<string, string | number>, fallback?: string) => string;

/**
 * Texts whose keys hold codes of the program. A code that the page does not know yet
 * gives the fallback, or else the code itself: never a key.
 */
export function useText(): Text {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const say = t as unknown as (key: string, options: object) => string;
    return (key, facts = {}, fallback) => {
      const known = i18n.exists(key) || i18n.exists(`${key}_other`);
      if (!known) return fallback ?? key.slice(key.lastIndexOf(".") + 1);
      return say(key, { replace: facts, count: facts.count });
    };
  }, [t, i18n]);
}
