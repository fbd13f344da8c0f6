import type { Tone } from "@/lib/moves";

/** A state in words with a coloured dot; never colour alone. */
export function StateTag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`tag tag-${tone}`}>
      <span className="tag-dot" aria-hidden />
      {children}
    </span>
  );
}
