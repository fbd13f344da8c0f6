import { Button, Drawer } from "antd";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { type Fault, faultOf, showFault } from "@/components/fault";
import { useChanges } from "@/components/office/ChangesContext";
import { useAddressUse } from "@/components/office/useAddressUse";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { TextField } from "@/components/TextField";
import { useOpenVault } from "@/components/vault/VaultGate";
import { AddressField } from "@/features/staff/AddressField";
import { BasicFields, MailFields } from "@/features/staff/FormFields";
import { creating, editing, type Typed, typedOf } from "@/features/staff/form";
import { PasswordInput } from "@/features/staff/PasswordInput";
import { RightsFields } from "@/features/staff/RightsFields";

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
  /** Without: somebody new. */
  person?: OfficePerson;
  department: string;
  onClose: () => void;
}

/** Creates somebody, or changes what is known of them. Nothing is sent before it was shown. */
export function PersonForm({ office, ability, directory, person, department, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const { propose } = useChanges();
  const [f, setF] = useState<Typed>(() => typedOf(person, directory, department));
  const [broken, setBroken] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const set = useCallback((part: Partial<Typed>) => setF((before) => ({ ...before, ...part })), []);
  const use = useAddressUse(directory);
  const address = person?.address ?? `${f.local.trim().toLowerCase()}@${f.domain}`;
  const passwords = !person && (ability.creates("password") || ability.can("people.password"));
  const able = useCallback(
    (attr: string) => (person ? ability.changes(attr) : ability.creates(attr) || ability.changes(attr)),
    [person, ability],
  );
  const form = useRef<HTMLFormElement>(null);
  const wrong = useMemo<Fault<"name" | "address" | "password"> | undefined>(() => {
    if (f.name.trim() === "" && able("name")) return { field: "name", text: t("staff.form.needName") };
    if (!person && f.local.trim() === "") return { field: "address", text: t("staff.form.needAddress") };
    const who = person ? "" : use(address);
    if (who) return { field: "address", text: t("staff.form.taken", { who }) };
    if (!person && !/^[a-z0-9](?:[a-z0-9._+-]*[a-z0-9])?$/i.test(f.local.trim()))
      return { field: "address", text: t("staff.form.badAddress") };
    if (passwords && f.password === "") return { field: "password", text: t("staff.form.needPassword") };
    return undefined;
  }, [f, person, passwords, use, address, able, t]);
  const changes = person ? editing(f, person, directory) : [];

  async function next() {
    showFault(form.current, () => setTried(true));
    if (wrong || broken.length > 0 || (person && changes.length === 0)) return;
    setBusy(true);
    try {
      if (person) {
        propose(changes);
      } else {
        if (f.password !== "" && !(await openVault())) return;
        const handle = f.password === "" ? "" : await client.vault.keep(f.password);
        propose(creating(f, handle, directory, able), (run) => {
          if (run.failed === 0) onClose();
        });
        return;
      }
      onClose();
    } finally {
      setBusy(false);
    }
  }
  const title = person ? t("staff.form.edit", { name: person.name || person.address }) : t("staff.form.new");
  const told = tried ? wrong : undefined;
  const fields = { f, set, able, ability, directory };
  return (
    <Drawer open size={620} title={title} onClose={onClose} className="person-form">
      <form
        ref={form}
        className="stack"
        aria-label={title}
        onSubmit={(e) => {
          e.preventDefault();
          void next();
        }}
      >
        <TextField
          label={t("attr.name")}
          value={f.name}
          autoFocus
          disabled={person !== undefined && !able("name")}
          hint={able("name") ? undefined : t("officeReason.notHere")}
          fault={faultOf(told, "name")}
          onChange={(name) => set({ name })}
        />
        {person ? null : (
          <AddressField
            office={office}
            directory={directory}
            f={f}
            set={set}
            taken={use(address)}
            fault={faultOf(told, "address")}
          />
        )}
        {passwords && (
          <PasswordInput
            office={office}
            label={t("staff.form.password")}
            address={address}
            value={f.password}
            onChange={(password) => set({ password })}
            onBroken={setBroken}
            fault={faultOf(told, "password")}
          />
        )}
        <BasicFields {...fields} mustChange={passwords && ability.creates("mustChange")} />
        <MailFields {...fields} />
        <RightsFields {...fields} person={person} />
        {tried && person && changes.length === 0 && <p role="status">{t("staff.form.unchanged")}</p>}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("staff.form.next")}
          </Button>
          <Button onClick={onClose}>{t("staff.form.cancel")}</Button>
        </div>
      </form>
    </Drawer>
  );
}
