/** Spans of days that are often wanted. */
export const spans = ["week", "month", "thisMonth", "lastMonth", "year", "own"] as const;
export type Span = (typeof spans)[number];

/** A day of this computer as "2026-11-12". */
export function dayOf(d: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** The first and last day of a span, both included. */
export function rangeOf(span: Exclude<Span, "own">, now: Date): { from: string; to: string } {
  const [y, m, d] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const back = (days: number) => ({ from: dayOf(new Date(y, m, d - days)), to: dayOf(now) });
  switch (span) {
    case "week":
      return back(6);
    case "month":
      return back(29);
    case "thisMonth":
      return { from: dayOf(new Date(y, m, 1)), to: dayOf(now) };
    case "lastMonth":
      return { from: dayOf(new Date(y, m - 1, 1)), to: dayOf(new Date(y, m, 0)) };
    case "year":
      return back(364);
  }
}
