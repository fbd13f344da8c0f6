import { Button, Drawer, Select } from "antd";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeContact } from "@/api/offices";
import { showFault } from "@/components/fault";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { change } from "@/components/office/change";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { TextField } from "@/components/TextField";
import { readAddresses } from "@/lib/addresses";

interface Props {
  ability: Ability;
  directory: Directory;
  /** Without: a new one. */
  contact?: OfficeContact;
  /** Of a new one; "" none. */
  group?: string;
  onClose: () => void;
}

const plain = ["company", "title", "mobile", "phone", "remark"] as const;

const nobody: OfficeContact = {
  id: "",
  name: "",
  addresses: [],
  mobile: "",
  phone: "",
  company: "",
  title: "",
  remark: "",
  groups: [],
  order: 0,
};

/** Makes or changes a shared contact; nothing is sent before it was shown. */
export function ContactForm({ ability, directory, contact, group, onClose }: Props) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const id = useId();
  const [c, setC] = useState<OfficeContact>(contact ?? { ...nobody, groups: group ? [group] : [] });
  const [addresses, setAddresses] = useState((contact?.addresses ?? []).join("\n"));
  const [tried, setTried] = useState(false);
  const { good, bad } = readAddresses(addresses);
  const form = useRef<HTMLFormElement>(null);
  const nameless = c.name.trim() === "" ? t("staff.form.needName") : "";
  const misspelt = bad.length > 0 ? t("fileProblem.bad_address") : "";
  const set = (part: Partial<OfficeContact>) => setC((before) => ({ ...before, ...part }));
  function next() {
    showFault(form.current, () => setTried(true));
    if (nameless || misspelt) return;
    const made = { ...c, name: c.name.trim(), addresses: good };
    propose([change({ kind: "contact.save", target: c.id, label: made.name, contact: made })], (run) => {
      if (run.failed === 0) onClose();
    });
  }
  const title = contact ? contact.name : t("book.new");
  return (
    <Drawer open size={560} title={title} onClose={onClose} className="person-form">
      <form
        ref={form}
        className="stack"
        aria-label={title}
        onSubmit={(e) => {
          e.preventDefault();
          next();
        }}
      >
        <TextField
          label={t("attr.name")}
          value={c.name}
          autoFocus
          fault={tried ? nameless : ""}
          onChange={(name) => set({ name })}
        />
        <TextField
          label={t("attr.addresses")}
          rows={2}
          value={addresses}
          hint={t("staff.form.aliasesHint")}
          fault={tried ? misspelt : ""}
          onChange={setAddresses}
        />
        {plain.map((a) => (
          <TextField key={a} label={t(`attr.${a}`)} value={c[a]} onChange={(value) => set({ [a]: value })} />
        ))}
        <TextField
          label={t("attr.order")}
          value={String(c.order)}
          maxLength={6}
          onChange={(value) => set({ order: Number(value.replace(/\D/g, "")) })}
        />
        <div className="field">
          <label htmlFor={id}>{t("attr.groups")}</label>
          <Select
            id={id}
            mode="multiple"
            value={c.groups}
            onChange={(groups) => set({ groups })}
            options={directory.groups.map((g) => ({ value: g.id, label: g.name }))}
          />
        </div>
        <div className="row">
          <AbleButton ability={ability} needs="contacts.edit" type="primary" htmlType="submit">
            {t("staff.form.next")}
          </AbleButton>
          <Button onClick={onClose}>{t("staff.form.cancel")}</Button>
        </div>
      </form>
    </Drawer>
  );
}
