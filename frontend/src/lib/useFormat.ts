import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Formatter, makeFormatter } from "@/lib/format";

/** The formatter of the language that the page speaks now. */
export function useFormat(): Formatter {
  return useFormatIn(undefined);
}

/** The same with moments in a zone. */
export function useFormatIn(zone: string | undefined): Formatter {
  const { i18n } = useTranslation();
  return useMemo(() => makeFormatter(i18n.language, zone), [i18n.language, zone]);
}
