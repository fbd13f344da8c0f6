/** Spans of days that are often wanted. */
export const spans = ["week", "month", "thisMonth", "lastMonth", "year", "own"] as const;
export type Span = (typeof spans)[number];

/** A day of the calendar as "2026-11-12". */
function dayOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

/** The first and last day of a span, both included. today is the office's: "2026-11-12". */
export function rangeOf(span: Exclude<Span, "own">, today: string): { from: string; to: string } {
  const [y = 1970, month = 1, d = 1] = today.split("-").map(Number);
  const m = month - 1;
  const back = (days: number) => ({ from: dayOf(y, m, d - days), to: today });
  switch (span) {
    case "week":
      return back(6);
    case "month":
      return back(29);
    case "thisMonth":
      return { from: dayOf(y, m, 1), to: today };
    case "lastMonth":
      return { from: dayOf(y, m - 1, 1), to: dayOf(y, m, 0) };
    case "year":
      return back(364);
  }
}
