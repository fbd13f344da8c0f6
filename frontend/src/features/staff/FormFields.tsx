import { Checkbox, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { TextField } from "@/components/TextField";
import type { Typed } from "@/features/staff/form";
import { useCodeText } from "@/lib/codeText";

export interface FieldsProps {
  f: Typed;
  set: (part: Partial<Typed>) => void;
  /** Whether the office takes a value here. */
  able: (attr: string) => boolean;
  ability: Ability;
  directory: Directory;
}

const plain = ["title", "mobile", "phone", "staffNo"] as const;

/** Departments, job title, phones and the like; what the office cannot take is grey and says so. */
export function BasicFields({
  f,
  set,
  able,
  ability,
  directory,
  mustChange,
}: FieldsProps & { mustChange: boolean }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const id = useId();
  const why = ability.why("people.edit") || t("officeReason.notHere");
  const many = ability.caps?.manyDepartments ?? false;
  return (
    <>
      {mustChange && (
        <Checkbox checked={f.mustChange} onChange={(e) => set({ mustChange: e.target.checked })}>
          {t("staff.form.mustChange")}
        </Checkbox>
      )}
      {directory.departments.length > 0 && able("departments") && (
        <div className="field">
          <label htmlFor={id}>{t("attr.departments")}</label>
          <DepartmentPicker
            id={id}
            directory={directory}
            many={many}
            value={f.departments}
            onChange={(departments) => set({ departments })}
          />
          <small>{t(many ? "staff.form.departmentsHint" : "staff.form.departmentHint")}</small>
        </div>
      )}
      <div className="field-pair even">
        {plain.map((attr) => (
          <TextField
            key={attr}
            label={code("attr", attr)}
            value={f[attr]}
            disabled={!able(attr)}
            hint={able(attr) ? undefined : why}
            onChange={(value) => set({ [attr]: value })}
          />
        ))}
      </div>
      <div className="field-pair even">
        <div className="field">
          <label htmlFor={`${id}-g`}>{t("attr.gender")}</label>
          <Select
            id={`${id}-g`}
            value={f.gender}
            disabled={!able("gender")}
            onChange={(gender) => set({ gender })}
            options={[
              { value: "", label: t("staff.form.unset") },
              { value: "female", label: t("gender.female") },
              { value: "male", label: t("gender.male") },
            ]}
          />
          {!able("gender") && <small>{why}</small>}
        </div>
        <TextField
          label={t("attr.remark")}
          value={f.remark}
          disabled={!able("remark")}
          hint={able("remark") ? undefined : why}
          onChange={(remark) => set({ remark })}
        />
      </div>
    </>
  );
}

/** Aliases, lists and room. */
export function MailFields({ f, set, able, ability, directory }: FieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const aliases = able("aliases") || ability.can("people.aliases");
  const max = ability.caps?.maxAliases ?? 0;
  const tooMany = max > 0 && f.aliases.split(/\s+/).filter(Boolean).length > max;
  return (
    <>
      <TextField
        label={t("attr.aliases")}
        value={f.aliases}
        rows={2}
        disabled={!aliases}
        hint={
          !aliases
            ? ability.why("people.aliases")
            : tooMany
              ? t("staff.form.tooManyAliases", { max: String(max) })
              : t("staff.form.aliasesHint")
        }
        onChange={(value) => set({ aliases: value })}
      />
      {directory.lists.length > 0 && (
        <div className="field">
          <label htmlFor={id}>{t("staff.form.lists")}</label>
          <Select
            id={id}
            mode="multiple"
            disabled={!ability.can("lists.edit")}
            value={f.lists}
            onChange={(lists) => set({ lists })}
            showSearch={{ optionFilterProp: "label" }}
            options={directory.lists.map((l) => ({
              value: l.id,
              label: l.name ? `${l.name} · ${l.address}` : l.address,
            }))}
          />
          {!ability.can("lists.edit") && <small>{ability.why("lists.edit")}</small>}
        </div>
      )}
      {able("quota") && (
        <TextField
          label={t("attr.quota")}
          value={f.quota}
          hint={t("staff.form.quotaHint")}
          onChange={(quota) => set({ quota: quota.replace(/[^\d.]/g, "") })}
        />
      )}
    </>
  );
}
