import { memo, useEffect, useRef } from "react";

interface Props {
  label: string;
  checked: boolean;
  /** Some are, some are not. */
  mixed?: boolean;
  onChange: (on: boolean) => void;
}

/** A box to tick, light enough for every row of a long table. */
export const Tick = memo(function Tick({ label, checked, mixed = false, onChange }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  return (
    <input
      ref={box}
      type="checkbox"
      className="tick"
      aria-label={label}
      checked={checked}
      onChange={(e) => onChange(e.target.checked)}
    />
  );
});
