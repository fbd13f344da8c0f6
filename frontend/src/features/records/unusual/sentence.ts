import type { UnusualThing } from "@/api/records";
import { tidy } from "@/components/records/useRecordText";
import type { Formatter } from "@/lib/format";
import type { useText } from "@/lib/useText";

/** What tells moments and people: on the page of an office by its zone and with names. */
interface Telling {
  text: ReturnType<typeof useText>;
  format: Formatter;
  who: (address: string) => string;
  moment: (ms: number) => string;
}

/** A finding in a sentence. */
export function sentenceOf(f: UnusualThing, { text, format, who, moment }: Telling): string {
  return tidy(
    text(`records.rule.${f.rule}${f.rule === "few_mails" && f.count === 0 ? "_none" : ""}`, {
      person: who(f.person),
      count: f.count,
      n: format.number(f.count),
      usual: format.number(f.usual),
      // A day is the office's own, whatever zone a moment is told in.
      at: f.day ? format.calendar(f.day) : moment(f.at),
      weekday: f.day ? format.weekday(f.day) : "",
      ip: f.ip,
      target: f.target,
    }),
  );
}
