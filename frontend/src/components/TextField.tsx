import { Input } from "antd";
import { type ReactNode, useId } from "react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  /** What is wrong with it; it stands in the hint's place. */
  fault?: string;
  rows?: number;
  disabled?: boolean;
  autoFocus?: boolean;
  maxLength?: number;
}

/** A text with its label, and why it cannot be changed. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  fault = "",
  rows,
  disabled,
  autoFocus,
  maxLength = 200,
}: Props) {
  const id = useId();
  const common = {
    id,
    value,
    disabled,
    autoFocus,
    autoComplete: "off",
    status: fault ? ("error" as const) : undefined,
    "aria-invalid": fault !== "" || undefined,
    "aria-describedby": fault || hint ? `${id}-hint` : undefined,
    onChange: (e: { target: { value: string } }) => onChange(e.target.value),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows ? <Input.TextArea rows={rows} {...common} /> : <Input maxLength={maxLength} {...common} />}
      {(fault || hint) && (
        <small id={`${id}-hint`} className={fault ? "bad" : undefined}>
          {fault || hint}
        </small>
      )}
    </div>
  );
}
