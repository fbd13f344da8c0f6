import { Checkbox, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeCapabilities } from "@/api/offices";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import type { Directory } from "@/components/office/useDirectory";
import { TextField } from "@/components/TextField";
import { AddressBox } from "@/features/lists/AddressBox";
import { type Typed, takesSenders } from "@/features/lists/form";
import { PolicyField } from "@/features/lists/PolicyField";

interface Props {
  f: Typed;
  set: (part: Partial<Typed>) => void;
  traits: OfficeCapabilities["lists"];
  directory: Directory;
  /** The list's own address, which cannot be in it. */
  self: string;
  provider: string;
  disabled: boolean;
}

/** What a list holds; what the provider's lists cannot hold is grey and says so. */
export function ListFields({ f, set, traits, directory, self, provider, disabled }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const not = (what: boolean) => (what ? undefined : t("lists.traitNot", { provider }));
  return (
    <>
      <AddressBox
        title={t("attr.members")}
        directory={directory}
        value={f.members}
        onChange={(members) => set({ members })}
        outside={traits.outside}
        whyNot={t("lists.traitNot", { provider })}
        max={traits.maxMembers}
        disabled={disabled}
      />
      <div className="field">
        <label htmlFor={`${id}-l`}>{t("lists.nested")}</label>
        <Select
          id={`${id}-l`}
          mode="multiple"
          disabled={disabled || !traits.nested}
          value={f.lists}
          onChange={(lists) => set({ lists })}
          showSearch={{ optionFilterProp: "label" }}
          options={directory.lists
            .filter((l) => l.address !== self)
            .map((l) => ({ value: l.address, label: l.name ? `${l.name} · ${l.address}` : l.address }))}
        />
        {!traits.nested && <small>{not(traits.nested)}</small>}
      </div>
      <div className="field">
        <label htmlFor={`${id}-d`}>{t("lists.departments")}</label>
        {traits.departments && !disabled ? (
          <DepartmentPicker
            id={`${id}-d`}
            directory={directory}
            many
            value={f.departments}
            onChange={(departments) => set({ departments })}
          />
        ) : (
          <Select
            id={`${id}-d`}
            disabled
            value={f.departments.map(directory.path).join(t("list.comma")) || undefined}
          />
        )}
        <small>{traits.departments ? t("lists.departmentsHint") : not(traits.departments)}</small>
      </div>
      <PolicyField
        value={f.policy}
        onChange={(policy) => set({ policy })}
        can={disabled ? [f.policy] : traits.policies}
        provider={provider}
      />
      {takesSenders(f.policy) && (
        <AddressBox
          title={t("attr.senders")}
          directory={directory}
          value={f.senders}
          onChange={(senders) => set({ senders })}
          outside
          whyNot=""
          max={0}
          disabled={disabled}
        />
      )}
      <TextField
        label={t("attr.remark")}
        value={f.remark}
        disabled={disabled || !traits.remark}
        hint={not(traits.remark)}
        onChange={(remark) => set({ remark })}
      />
      <Check
        label={t("lists.hidden")}
        on={f.hidden}
        can={!disabled && traits.hidden}
        why={not(traits.hidden)}
        onChange={(hidden) => set({ hidden })}
      />
      <Check
        label={t("lists.off")}
        on={f.off}
        can={!disabled && traits.off}
        why={not(traits.off)}
        onChange={(off) => set({ off })}
      />
    </>
  );
}

interface CheckProps {
  label: string;
  on: boolean;
  can: boolean;
  why?: string;
  onChange: (on: boolean) => void;
}

function Check({ label, on, can, why, onChange }: CheckProps) {
  return (
    <div>
      <Checkbox checked={on} disabled={!can} onChange={(e) => onChange(e.target.checked)}>
        {label}
      </Checkbox>
      {why && <small className="faint"> {why}</small>}
    </div>
  );
}
