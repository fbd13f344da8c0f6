import { Input, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeField } from "@/api/offices";
import { useCodeText } from "@/lib/codeText";

interface Props {
  provider: string;
  field: OfficeField;
  value: string;
  kept: boolean;
  invalid: boolean;
  onChange: (value: string) => void;
}

/** One value that the provider's adapter asks for, with where to find it. */
export function FieldInput({ provider, field, value, kept, invalid, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const id = useId();
  const help = `office.${provider}.${field.key}.help`;
  const common = {
    id,
    value,
    status: invalid ? ("error" as const) : undefined,
    "aria-describedby": `${id}-help`,
    "aria-invalid": invalid || undefined,
    "aria-required": field.required || undefined,
    autoComplete: "off",
    spellCheck: false,
    placeholder: kept ? t("connect.kept") : field.example,
    onChange: (e: { target: { value: string } }) => onChange(e.target.value),
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {code(`office.${provider}`, `${field.key}.label`)}{" "}
        <small className="faint">{t(field.required ? "connect.required" : "connect.optional")}</small>
      </label>
      {field.kind === "choice" ? (
        <Select
          id={id}
          value={value || field.choices[0]}
          onChange={onChange}
          options={field.choices.map((c) => ({
            value: c,
            label: code(`office.${provider}.${field.key}.choice`, c),
          }))}
        />
      ) : field.kind === "key" ? (
        <Input.TextArea rows={5} className="key-field" {...common} />
      ) : field.kind === "secret" ? (
        <Input.Password {...common} autoComplete="new-password" />
      ) : (
        <Input {...common} />
      )}
      <small id={`${id}-help`}>
        {i18n.exists(help) && code(`office.${provider}.${field.key}`, "help")}
        {field.help !== "" && (
          <>
            {" "}
            <button
              type="button"
              className="link"
              onClick={() => void client.app.openLink(field.help).catch(() => undefined)}
            >
              {t("connect.whereHelp")}
            </button>
          </>
        )}
      </small>
    </div>
  );
}
