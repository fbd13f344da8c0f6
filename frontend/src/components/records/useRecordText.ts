import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LookupAnswer, RecordGap, RecordRow } from "@/api/records";
import { useNames } from "@/components/records/useNames";
import { useRecordZone } from "@/components/records/useRecordZone";
import type { Formatter } from "@/lib/format";
import { useFormatIn } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

/** Words for records: what a line says, what an answer says, what is missing. */
export function useRecordText(officeId: string) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormatIn(useRecordZone(officeId)?.name);
  const named = useNames(officeId);
  return useMemo(() => {
    const names = new Map(named.map((p) => [p.address, p.name] as const));
    const who = (address: string) => names.get(address) || address;
    const whoExactly = (address: string) => {
      const name = names.get(address);
      return name ? t("recordsPage.nameAndAddress", { name, address }) : address;
    };
    const year = (ms: number) => format.dayName(ms).slice(0, 4);
    const day = (ms: number) => {
      if (ms <= 0) return "";
      return year(ms) === year(Date.now()) ? format.dayAndClock(ms) : format.moment(ms);
    };
    const moment = (ms: number) => (ms > 0 ? format.moment(ms) : "");
    const { midnight } = format;
    /** The ends of a span: of whole days the first and the last; "…" where one is open. */
    const ends = (from: number, to: number) => {
      const days = (from === 0 || midnight(from)) && (to === 0 || midnight(to));
      const last = days && to > 0 ? to - 1 : to;
      const said = (ms: number) => (ms > 0 ? (days ? format.date(ms) : moment(ms)) : "…");
      return { days, last, from: said(from), to: said(last) };
    };
    const span = (from: number, to: number) => {
      const { days, last, ...said } = ends(from, to);
      if (from > 0 && to > 0 && format.date(from) === format.date(last))
        return days ? format.date(from) : `${moment(from)} – ${format.short(to)}`;
      return t("recordsPage.lookup.span", said);
    };
    const list = (addresses: string[]) =>
      addresses.length > 3
        ? t("recordsPage.andMore", {
            list: addresses.slice(0, 2).map(who).join(t("list.comma")),
            count: addresses.length - 2,
          })
        : addresses.map(who).join(t("list.comma"));
    const kinds = (all: string[]) => all.map((k) => text(`records.kind.${k}`)).join(t("list.comma"));
    return {
      who,
      whoExactly,
      kind: (k: string) => text(`records.kind.${k}`),
      outcome: (o: string) => (o ? text(`records.outcome.${o}`) : "–"),
      method: (m: string) => (m ? text(`records.method.${m}`) : ""),
      action: (a: string) => (a ? text(`records.action.${a}`) : ""),
      column: (c: string) => text(`records.column.${c}`),
      gap: (g: RecordGap) =>
        text(`records.gap.${g.reason}${g.days > 0 ? "_kept" : ""}`, {
          from: ends(g.from, g.to).from,
          to: ends(g.from, g.to).to,
          days: format.number(g.days),
        }),
      /** The answer in a sentence; of sign-ins of several people, whose the last one was. */
      verdict: (a: LookupAnswer) => {
        const looked = ends(a.facts.since, a.facts.until);
        const answer = text(`records.verdict.${keyOf(a)}`, {
          at: day(a.facts.at),
          later: day(a.facts.later),
          person: whoExactly(a.facts.person),
          by: whoExactly(a.facts.by),
          folder: a.facts.folder,
          ip: a.facts.ip || t("recordsPage.unknownIP"),
          count: a.facts.count,
          n: a.facts.more ? `${format.number(a.facts.count)}+` : format.number(a.facts.count),
          bad: format.number(a.facts.bad),
          since: looked.from,
          until: looked.to,
          has: kinds(a.facts.has),
          lacks: kinds(a.facts.lacks),
          shares: a.facts.shares
            .map((s) => text(`records.share.${s.outcome || "untold"}`, { n: format.number(s.count) }))
            .join(t("list.comma")),
        });
        const several = a.facts.people > 1;
        return tidy(
          several ? t("recordsPage.lookup.lastOf", { answer, person: whoExactly(a.facts.person) }) : answer,
        );
      },
      /** What a record is about, in one line. */
      what: (r: RecordRow) => {
        switch (r.kind) {
          case "sent":
          case "received":
            return r.subject || t("recordsPage.noSubject");
          case "signin":
            return [text(`records.method.${r.method || "other"}`), r.agent].filter(Boolean).join(" · ");
          case "traffic":
            return r.traffic
              ? t("recordsPage.traffic", {
                  sent: format.number(Math.max(0, r.traffic.sent)),
                  received: format.number(Math.max(0, r.traffic.received)),
                })
              : text("records.kind.traffic");
          default:
            return [text(`records.action.${r.action || "other"}`), r.subject || r.target]
              .filter(Boolean)
              .join(" · ");
        }
      },
      /** Who had to do with it. */
      parties: (r: RecordRow) =>
        r.kind === "sent" || r.kind === "received"
          ? `${who(r.from) || "?"} → ${list(r.to) || who(r.person) || "?"}`
          : r.person
            ? whoExactly(r.person)
            : t("recordsPage.wholeOffice"),
      /** When it happened: of traffic the day, and the source's own clock where it is another. */
      when: (r: RecordRow) => {
        if (r.traffic) return dayThere(format, r);
        const there = clockThere(format, r);
        return there ? t("recordsPage.zoned", { at: moment(r.at), zone: r.zone, there }) : moment(r.at);
      },
      /** The same, short: in the rows of a table. */
      atOf: (r: RecordRow) => (r.traffic ? dayThere(format, r) : format.moment(r.at)),
      times: (r: RecordRow) => (r.times > 1 ? t("recordsPage.times", { n: format.number(r.times) }) : ""),
      day,
      moment,
      date: format.date,
      span,
    };
  }, [t, text, format, named]);
}

export type RecordText = ReturnType<typeof useRecordText>;

/** A record in its source's own zone, if that is known here. */
function there(format: Formatter, r: RecordRow, way: "moment" | "date"): string {
  try {
    return r.zone ? format.inZone(r.at, r.zone, way) : "";
  } catch {
    return ""; // a zone of no name that this computer knows
  }
}

/** The day of a sum of traffic, as its source counts days. */
function dayThere(format: Formatter, r: RecordRow): string {
  return there(format, r, "date") || format.date(r.at);
}

/** The source's own clock, where it shows another time than this computer. */
function clockThere(format: Formatter, r: RecordRow): string {
  const at = there(format, r, "moment");
  return at === format.moment(r.at) ? "" : at;
}

/** Nothing was found, and what stands against it is only that the provider may have forgotten. */
export function unsure(a: LookupAnswer): boolean {
  return a.verdict === "no_trace_gap" && a.facts.gaps.every((g) => g.reason === "unsure");
}

function keyOf(a: LookupAnswer): string {
  if (a.verdict === "signed_in" && a.facts.bad === 0) return "signed_in_well";
  const about = a.question.about;
  if (a.verdict === "other_time" && about !== "mail") return `other_time_${about}`;
  return unsure(a) ? "no_trace_unsure" : a.verdict;
}

/** Full-width marks bring their own room: no blank between them and a Chinese word. */
export function tidy(sentence: string): string {
  return sentence.replace(/([）”])\s+(?=[\u4e00-\u9fff])/g, "$1");
}

/** How an outcome looks: what went wrong stands out. */
export function toneOf(outcome: string): "good" | "warn" | "bad" | "" {
  switch (outcome) {
    case "ok":
    case "delivered":
    case "foldered":
      return "good";
    case "pending":
    case "junk":
    case "quarantined":
      return "warn";
    case "refused":
    case "locked":
    case "failed":
    case "blocked":
    case "bounced":
      return "bad";
  }
  return "";
}

/** The gaps that a person can see: where a provider's reach begins within a minute, nothing is missing. */
export function seenGaps(gaps: RecordGap[]): RecordGap[] {
  return gaps.filter((g) => g.reason !== "too_old" || g.to - g.from >= 60_000);
}
