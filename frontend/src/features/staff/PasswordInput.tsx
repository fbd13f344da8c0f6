import { App, Button, Input } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import { useAbility } from "@/components/office/useOffice";
import { useCodeText } from "@/lib/codeText";

interface Props {
  office: OfficeInfo;
  label: string;
  address: string;
  value: string;
  onChange: (password: string) => void;
  /** Told what of the provider's rule is broken, as codes. */
  onBroken: (broken: string[]) => void;
  /** That there is none, where there must be one. */
  fault?: string;
}

/** A password that is held against the provider's rule while it is typed, or made. */
export function PasswordInput(props: Props) {
  const { office, label, address, value, onChange, onBroken, fault = "" } = props;
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const { caps } = useAbility(office);
  const { message } = App.useApp();
  const id = useId();
  const [broken, setBroken] = useState<string[]>([]);
  const [made, setMade] = useState("");

  useEffect(() => {
    let over = false;
    const told = (found: string[]) => {
      if (over) return;
      setBroken(found);
      onBroken(found);
    };
    if (value === "") told([]);
    else
      client.staff
        .checkPassword(office.id, value, address)
        .then((c) => told(c.broken))
        .catch(() => told([]));
    return () => {
      over = true;
    };
  }, [client, office.id, value, address, onBroken]);

  async function make() {
    const found = await client.staff.makePassword(office.id, address).catch(() => undefined);
    if (!found) return;
    setMade(found.password);
    onChange(found.password);
  }
  const rule = caps?.password;
  const facts = {
    min: String(rule?.min ?? ""),
    max: String(rule?.max ?? ""),
    kinds: String(rule?.kinds ?? ""),
    runs: String(rule?.noRuns ?? ""),
  };
  const wrong = fault || broken.map((b) => code("staff.rule", b, facts)).join(t("list.join"));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <Input.Password
          id={id}
          value={value}
          autoComplete="new-password"
          status={wrong ? "error" : undefined}
          aria-invalid={wrong !== "" || undefined}
          aria-describedby={`${id}-rule`}
          onChange={(e) => onChange(e.target.value)}
        />
        <Button onClick={() => void make()}>{t("staff.form.make")}</Button>
        {value !== "" && value === made && (
          <Button
            onClick={() =>
              void navigator.clipboard
                ?.writeText(made)
                .then(() => void message.success(t("staff.form.copied")))
                .catch(() => undefined)
            }
          >
            {t("staff.form.copy")}
          </Button>
        )}
      </div>
      <small id={`${id}-rule`} role="status" className={wrong ? "bad" : undefined}>
        {wrong || (value !== "" && (value === made ? t("staff.form.shownOnce") : t("staff.rule.ok")))}
      </small>
    </div>
  );
}
