import type { ReactNode } from "react";
import type { Tone } from "@/lib/moves";

interface Props {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  tone?: Tone;
}

/** One figure with its name, for a row of figures in a <dl>. */
export function Figure({ label, value, note, tone = "calm" }: Props) {
  return (
    <div className={`figure figure-${tone}`}>
      <dt>{label}</dt>
      <dd>
        <span className="figure-value tabular">{value}</span>
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}
