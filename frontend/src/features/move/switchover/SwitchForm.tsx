import { Button, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Switch, SwitchInput } from "@/api/types";
import { useProviders } from "@/api/useProviders";

interface Props {
  state: Switch;
  onSave: (input: SwitchInput) => void;
}

/** Which domain goes from which provider to which. Open until it is known. */
export function SwitchForm({ state, onSave }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const providers = useProviders();
  const [input, setInput] = useState<SwitchInput>({
    domain: state.domain,
    from: state.from,
    to: state.to,
    selector: state.selector,
  });
  const english = i18n.language === "en";
  const name = (p: (typeof providers)[number]) => (english ? p.nameEn : p.nameZh);
  // Whoever owns a domain moves to a provider for businesses.
  const offices = providers.filter((p) => p.kind !== "personal");
  const options = offices.map((p) => ({ value: p.id, label: name(p) }));
  const known = state.to !== "" && state.checked > 0;
  const summary = [state.domain, nameById(state.from), nameById(state.to)];
  function nameById(wanted: string): string {
    const p = providers.find((x) => x.id === wanted);
    return p ? name(p) : t("switchover.other");
  }
  const filter = (words: string, option?: { label: string }) =>
    (option?.label ?? "").toLowerCase().includes(words.toLowerCase());
  return (
    <details className="card options" open={!known}>
      <summary>
        <h2>{t("switchover.form.title")}</h2>
        {known && (
          <span className="faint">
            {t("switchover.form.summary", { domain: summary[0], from: summary[1], to: summary[2] })}
          </span>
        )}
      </summary>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          onSave(input);
        }}
      >
        <div className="field-grid">
          <div className="field">
            <label htmlFor={`${id}-d`}>{t("switchover.form.domain")}</label>
            <Input
              id={`${id}-d`}
              value={input.domain}
              spellCheck={false}
              onChange={(e) => setInput({ ...input, domain: e.target.value })}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-f`}>{t("switchover.form.from")}</label>
            <Select
              id={`${id}-f`}
              showSearch={{ filterOption: filter }}
              value={input.from}
              options={[{ value: "", label: t("switchover.other") }, ...options]}
              onChange={(from) => setInput({ ...input, from })}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-t`}>{t("switchover.form.to")}</label>
            <Select
              id={`${id}-t`}
              showSearch={{ filterOption: filter }}
              value={input.to || undefined}
              placeholder={t("switchover.form.choose")}
              options={options}
              onChange={(to) => setInput({ ...input, to })}
            />
          </div>
        </div>
        <div className="field narrow-field">
          <label htmlFor={`${id}-s`}>{t("switchover.form.selector")}</label>
          <Input
            id={`${id}-s`}
            value={input.selector}
            spellCheck={false}
            onChange={(e) => setInput({ ...input, selector: e.target.value })}
          />
          <small>{t("switchover.form.selectorNote")}</small>
        </div>
        <div className="row">
          <Button type="primary" htmlType="submit" disabled={input.to === "" || input.domain.trim() === ""}>
            {t("switchover.form.save")}
          </Button>
        </div>
      </form>
    </details>
  );
}
