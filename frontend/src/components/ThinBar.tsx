import { percentOf } from "@/lib/format";
import type { Tone } from "@/lib/moves";

interface Props {
  /** What the bar is about, for screen readers. */
  label: string;
  done: number;
  all: number;
  tone?: Tone;
  /** Work whose end is not known yet. */
  open?: boolean;
}

/** A progress bar that never jumps in height and says its share to screen readers. */
export function ThinBar({ label, done, all, tone = "busy", open = false }: Props) {
  const share = all > 0 ? percentOf(done, all) : 0;
  return (
    <div
      className={`bar bar-${tone}${open ? " bar-open" : ""}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={open ? undefined : share}
    >
      <span style={{ width: open ? "35%" : `${share}%` }} />
    </div>
  );
}
