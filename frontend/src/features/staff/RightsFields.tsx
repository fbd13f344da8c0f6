import { Checkbox, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { TextField } from "@/components/TextField";
import type { FieldsProps } from "@/features/staff/FormFields";
import { useCodeText } from "@/lib/codeText";

const rights = ["everywhere", "send_inside", "receive_inside", "inside_only"] as const;

/** Forwarding, whom one may write to, ways of signing in, the address book. */
export function RightsFields({ f, set, able, ability, person }: FieldsProps & { person?: OfficePerson }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const id = useId();
  const forwards = able("forward") || ability.can("people.forward");
  const limits = able("mailRights") || ability.can("people.mailRights");
  const hides = able("hidden") || ability.can("people.hide");
  return (
    <>
      <TextField
        label={t("staff.form.forwardTo")}
        value={f.forwardTo}
        disabled={!forwards}
        hint={forwards ? t("staff.form.forwardHint") : ability.why("people.forward")}
        onChange={(forwardTo) => set({ forwardTo })}
      />
      {forwards && f.forwardTo.trim() !== "" && (
        <Checkbox checked={f.forwardKeep} onChange={(e) => set({ forwardKeep: e.target.checked })}>
          {t("staff.form.forwardKeep")}
        </Checkbox>
      )}
      <div className="field">
        <label htmlFor={id}>{t("attr.mailRights")}</label>
        <Select
          id={id}
          value={f.mailRights}
          disabled={!limits}
          onChange={(mailRights) => set({ mailRights })}
          options={[
            ...(f.mailRights === "" ? [{ value: "", label: t("staff.form.unset") }] : []),
            ...rights.map((value) => ({ value, label: code("mailRights", value) })),
          ]}
        />
        {!limits && <small>{ability.why("people.mailRights")}</small>}
      </div>
      {person && ability.can("people.signIn") && person.signIn.length > 0 && (
        <fieldset className="field">
          <legend>{t("attr.signIn")}</legend>
          <div className="row wrap">
            {ability.caps?.signInWays
              .filter((way) => way in f.signIn)
              .map((way) => (
                <Checkbox
                  key={way}
                  checked={f.signIn[way]}
                  onChange={(e) => set({ signIn: { ...f.signIn, [way]: e.target.checked } })}
                >
                  {code("way", way)}
                </Checkbox>
              ))}
          </div>
        </fieldset>
      )}
      <Checkbox checked={f.hidden} disabled={!hides} onChange={(e) => set({ hidden: e.target.checked })}>
        {t("staff.form.hidden")}
      </Checkbox>
      {!hides && <small className="faint">{ability.why("people.hide")}</small>}
    </>
  );
}
