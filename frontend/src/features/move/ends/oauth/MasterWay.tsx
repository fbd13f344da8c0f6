import { Input, Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { changeSide, type SideName, useDraft } from "@/features/move/draft";

/** How a server wants to hear of the admin account: as an identity, or in one joined name. */
export function MasterWay({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const id = useId();
  const side = useDraft()[name];
  return (
    <>
      <fieldset className="field">
        <legend>{t("oauth.master.form")}</legend>
        <Radio.Group
          vertical
          value={side.separator !== ""}
          onChange={(e) => changeSide(name, { separator: e.target.value ? "*" : "" })}
          options={[
            { value: false, label: t("oauth.master.authz") },
            { value: true, label: t("oauth.master.join", { separator: side.separator || "*" }) },
          ]}
        />
      </fieldset>
      {side.separator !== "" && (
        <div className="field-row">
          <label htmlFor={id}>{t("oauth.master.separator")}</label>
          <Input
            id={id}
            className="one-sign"
            maxLength={1}
            value={side.separator}
            onFocus={(e) => e.target.select()}
            onChange={(e) => e.target.value.trim() && changeSide(name, { separator: e.target.value })}
          />
        </div>
      )}
    </>
  );
}
