import { Select } from "antd";
import { clockChoices, clockOf } from "@/features/move/when/when";

interface Props {
  id?: string;
  label: string;
  value: number;
  disabled?: boolean;
  onChange: (minutes: number) => void;
}

/** A time of day, in half hours. */
export function ClockSelect({ id, label, value, disabled, onChange }: Props) {
  return (
    <Select<number>
      id={id}
      aria-label={label}
      className="clock"
      value={value}
      disabled={disabled}
      onChange={onChange}
      options={clockChoices(value).map((m) => ({ value: m, label: clockOf(m) }))}
    />
  );
}
