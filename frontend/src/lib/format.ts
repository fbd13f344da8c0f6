/** Numbers, sizes, durations and times for people, in the language of the page. */

export interface Formatter {
  /** A whole number with separators: 12,345. */
  number(n: number): string;
  /** A size on 1024-byte steps with at most one decimal: 3.4 MB. */
  bytes(n: number): string;
  /** A share between 0 and 1 as a whole percentage; never 100 % before it is all. */
  percent(part: number, whole: number): string;
  /** Seconds as one or two units: 2 hours 5 minutes. */
  duration(seconds: number): string;
  /** A moment in milliseconds since 1970, local time. */
  moment(ms: number): string;
  /** A moment, or its day, as it is in a zone such as "Asia/Shanghai"; throws where the zone is not known. */
  inZone(ms: number, zone: string, way: "moment" | "date"): string;
  /** Only the time of day. */
  clock(ms: number): string;
  /** The time of day without seconds. */
  short(ms: number): string;
  /** Only the day, with its weekday: Tuesday, December 1. */
  day(ms: number): string;
  /** The day with its year: Dec 1, 2026. */
  date(ms: number): string;
  /** A day that is written "2026-11-25", short and without its year: Nov 25. */
  calendar(name: string): string;
  /** The weekday of a day that is written "2026-11-25": Wednesday. */
  weekday(name: string): string;
  /** A month that is written "2026-11", in words: November 2026. */
  month(name: string): string;
  /** The day with its weekday, and the time without seconds. */
  dayAndClock(ms: number): string;
  /** The day as the program writes it: 2026-12-01. */
  dayName(ms: number): string;
  /** Whether a day begins then. */
  midnight(ms: number): boolean;
  /** What people call a zone, "China Standard Time" for "Asia/Shanghai"; "" where there are no words for it. */
  zone(name: string): string;
}

const steps = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Whether this engine knows a zone; old ones do not know offsets such as +08:00. */
function known(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function zoneWords(lang: string, zone: string): string {
  if (!known(zone)) return "";
  const parts = new Intl.DateTimeFormat(lang, {
    timeZone: zone,
    timeZoneName: "longGeneric",
  }).formatToParts();
  const words = parts.find((p) => p.type === "timeZoneName")?.value ?? "";
  return /\d/.test(words) ? "" : words; // "GMT+05:00" tells no more than the name
}

/** Builds the formatter of a language ("zh-CN" or "en"), of moments in a zone; none: the computer's. */
export function makeFormatter(lang: string, zone?: string): Formatter {
  const timeZone = zone && known(zone) ? zone : undefined;
  const integer = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
  const moment = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short", timeZone });
  const clock = new Intl.DateTimeFormat(lang, { timeStyle: "medium", timeZone });
  const short = new Intl.DateTimeFormat(lang, { timeStyle: "short", timeZone });
  const day = new Intl.DateTimeFormat(lang, { weekday: "long", month: "long", day: "numeric", timeZone });
  const date = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone });
  const calendar = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(lang, { weekday: "long", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(lang, { year: "numeric", month: "long", timeZone: "UTC" });
  const dayAndClock = new Intl.DateTimeFormat(lang, {
    weekday: "long",
    month: "long",
    day: "numeric",
    hour: lang === "en" ? "numeric" : "2-digit",
    minute: "2-digit",
    timeZone,
  });
  // "2026-11-12 14:03", whatever the language is.
  const plain = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short", timeZone });
  // English wants whole words, Chinese its usual short ones.
  const words = lang === "en" ? "long" : "short";
  const unit = (n: number, name: string, digits = 0, display: "long" | "short" = words) =>
    new Intl.NumberFormat(lang, {
      style: "unit",
      unit: name,
      unitDisplay: display,
      maximumFractionDigits: digits,
    })
      .format(n)
      // A blank between digits and Chinese characters, as everywhere on the page.
      .replace(/(\d)(?=[\u4e00-\u9fff])/, "$1 ");

  return {
    number: (n) => integer.format(n),
    bytes(n) {
      let value = Math.max(0, n);
      let step = 0;
      while (value >= 1024 && step < steps.length - 1) {
        value /= 1024;
        step++;
      }
      const digits = step === 0 || value >= 100 ? 0 : 1;
      return tidyUnit(unit(value, steps[step] ?? "byte", digits, "short"));
    },
    percent: (part, whole) => `${percentOf(part, whole)}%`,
    duration(seconds) {
      const s = Math.max(0, Math.round(seconds));
      if (s < 60) return unit(s, "second");
      const minutes = Math.round(s / 60);
      if (minutes < 60) return unit(minutes, "minute");
      const hours = Math.floor(minutes / 60);
      if (hours < 48) return joinUnits(unit(hours, "hour"), minutes % 60, (m) => unit(m, "minute"));
      return joinUnits(unit(Math.floor(hours / 24), "day"), hours % 24, (h) => unit(h, "hour"));
    },
    moment: (ms) => moment.format(ms),
    inZone: (ms, timeZone, way) =>
      new Intl.DateTimeFormat(lang, {
        dateStyle: "medium",
        timeStyle: way === "moment" ? "short" : undefined,
        timeZone,
      }).format(ms),
    clock: (ms) => clock.format(ms),
    short: (ms) => short.format(ms),
    day: (ms) => day.format(ms),
    date: (ms) => date.format(ms),
    calendar: (name) => (/^\d{4}-\d\d-\d\d$/.test(name) ? calendar.format(Date.parse(name)) : name),
    weekday: (name) => (/^\d{4}-\d\d-\d\d$/.test(name) ? weekday.format(Date.parse(name)) : name),
    month: (name) => (/^\d{4}-\d\d$/.test(name) ? month.format(Date.parse(`${name}-01`)) : name),
    dayAndClock: (ms) => dayAndClock.format(ms),
    dayName: (ms) => plain.format(ms).slice(0, 10),
    midnight: (ms) => /\s0?0:00$/.test(plain.format(ms)),
    zone: (name) => zoneWords(lang, name),
  };
}

/** The share as 0-100; 99 as long as anything is missing, 100 for nothing of nothing. */
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return 100;
  if (part >= whole) return 100;
  return Math.max(0, Math.min(99, Math.floor((part / whole) * 100)));
}

// Some engines write "kB" and "byte"; people here know KB and B.
function tidyUnit(text: string): string {
  return text
    .replace(/kB$/, "KB")
    .replace(/\s*(bytes?|字节)$/, " B")
    .replace(/(\d)([KMGT]?B)$/, "$1 $2");
}

function joinUnits(first: string, rest: number, second: (n: number) => string): string {
  return rest === 0 ? first : `${first} ${second(rest)}`;
}
