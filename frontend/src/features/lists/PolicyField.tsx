import { Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { policies } from "@/features/lists/form";

interface Props {
  value: string;
  onChange: (policy: string) => void;
  can: readonly string[];
  provider: string;
}

/** Who may write to a list; what the provider does not have is grey and says so. */
export function PolicyField({ value, onChange, can, provider }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const missing = policies.some((p) => !can.includes(p));
  return (
    <div className="field" role="group" aria-labelledby={id}>
      <span id={id} className="label">
        {t("attr.policy")}
      </span>
      <Radio.Group
        className="stack tight"
        aria-labelledby={id}
        value={value}
        onChange={(e) => onChange(e.target.value as string)}
        options={policies.map((p) => ({
          value: p,
          disabled: !can.includes(p),
          title: can.includes(p) ? undefined : t("lists.policyNot", { provider }),
          label: (
            <>
              {t(`policy.${p}`)}
              <small className="faint"> {t(`lists.policyHint.${p}`)}</small>
            </>
          ),
        }))}
      />
      {value === "" && <small>{t("lists.policyUntold", { provider })}</small>}
      {missing && <small>{t("lists.policyNot", { provider })}</small>}
    </div>
  );
}
