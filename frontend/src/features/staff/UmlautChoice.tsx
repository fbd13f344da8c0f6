import { Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

/** How ü is written in an address: as systems do, as passports do, or plain. */
export function UmlautChoice({ value, onChange }: { value: string; onChange: (umlaut: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="row wrap">
      <small id={id}>{t("staff.form.umlaut")}</small>
      <Radio.Group
        size="small"
        aria-labelledby={id}
        value={value}
        onChange={(e) => onChange(e.target.value as string)}
        options={["v", "yu", "u"].map((u) => ({ value: u, label: `l${u}` }))}
      />
    </div>
  );
}
