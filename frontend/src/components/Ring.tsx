import { percentOf } from "@/lib/format";

/** A small ring that fills; the number stands beside it in words. */
export function Ring({ done, all }: { done: number; all: number }) {
  const length = 2 * Math.PI * 7;
  const share = all > 0 ? percentOf(done, all) / 100 : 0;
  return (
    <svg className="ring" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      <circle cx="9" cy="9" r="7" fill="none" stroke="var(--line)" strokeWidth="3" />
      <circle
        cx="9"
        cy="9"
        r="7"
        fill="none"
        stroke="var(--accent-text)"
        strokeWidth="3"
        strokeDasharray={`${length * share} ${length}`}
        transform="rotate(-90 9 9)"
      />
    </svg>
  );
}
