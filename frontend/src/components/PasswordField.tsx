import { Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { noPassword, type Password } from "@/lib/password";

interface Props {
  label: string;
  value: Password | undefined;
  onChange: (p: Password) => void;
  /** In a table the label is for screen readers only. */
  bare?: boolean;
  invalid?: boolean;
}

/** A password; one that is in the vault shows only that it is there. */
export function PasswordField({ label, value = noPassword, onChange, bare = false, invalid = false }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const field = (
    <Input.Password
      id={id}
      aria-label={bare ? label : undefined}
      value={value.typed}
      placeholder={value.handle ? (bare ? "••••••••" : t("move.ends.kept")) : undefined}
      title={value.handle ? t("move.ends.kept") : undefined}
      status={invalid ? "error" : undefined}
      variant={bare ? "filled" : undefined}
      visibilityToggle={!bare}
      autoComplete="new-password"
      onChange={(e) => onChange({ ...value, typed: e.target.value })}
    />
  );
  if (bare) return field;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {field}
    </div>
  );
}
