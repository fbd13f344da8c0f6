import { Button, Checkbox, Select, Skeleton } from "antd";
import { useCallback, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import { type Fault, faultOf, showFault } from "@/components/fault";
import { useChanges } from "@/components/office/ChangesContext";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import { NoOffice } from "@/components/office/NoOffice";
import { useAddressUse } from "@/components/office/useAddressUse";
import { type Directory, useDirectory } from "@/components/office/useDirectory";
import { type Ability, useAbility, useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TextField } from "@/components/TextField";
import { useOpenVault, VaultGate } from "@/components/vault/VaultGate";
import { AddressField } from "@/features/staff/AddressField";
import { creating, type Typed, typedOf } from "@/features/staff/form";
import { JoinedPapers } from "@/features/staff/joiner/JoinedPapers";
import type { Joined } from "@/features/staff/joiner/letter";
import { PasswordInput } from "@/features/staff/PasswordInput";
import { isAddress } from "@/lib/addresses";

/** Everything that somebody new needs, in one form and one preview. */
export function JoinerPage() {
  const { t } = useTranslation();
  const office = useOffice();
  return (
    <VaultGate>
      <div className="page">
        <PageHeader
          title={t("joiner.title")}
          lead={t("joiner.lead")}
          above={<Link href="/people">{t("change.back")}</Link>}
        />
        {office === null && <NoOffice />}
        {office && <Join key={office.id} office={office} />}
      </div>
    </VaultGate>
  );
}

function Join({ office }: { office: OfficeInfo }) {
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const [joined, setJoined] = useState<Joined | null>(null);
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("people.create")) return <p className="warn">{ability.why("people.create")}</p>;
  if (joined) return <JoinedPapers office={office} joined={joined} onAnother={() => setJoined(null)} />;
  return <JoinForm office={office} ability={ability} directory={directory} onJoined={setJoined} />;
}

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
  onJoined: (joined: Joined) => void;
}

function JoinForm({ office, ability, directory, onJoined }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const { propose } = useChanges();
  const id = useId();
  const [f, setF] = useState<Typed>(() => typedOf(undefined, directory, ""));
  const [broken, setBroken] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const set = useCallback((part: Partial<Typed>) => setF((before) => ({ ...before, ...part })), []);
  const use = useAddressUse(directory);
  const address = `${f.local.trim().toLowerCase()}@${f.domain}`;
  const passwords = ability.creates("password") || ability.can("people.password");
  const form = useRef<HTMLFormElement>(null);
  const wrong = useMemo<Fault<"name" | "address"> | undefined>(() => {
    if (f.name.trim() === "") return { field: "name", text: t("staff.form.needName") };
    if (f.local.trim() === "") return { field: "address", text: t("staff.form.needAddress") };
    if (!isAddress(address)) return { field: "address", text: t("staff.form.badAddress") };
    const who = use(address);
    return who ? { field: "address", text: t("staff.form.taken", { who }) } : undefined;
  }, [f, use, address, t]);
  const told = tried ? wrong : undefined;

  async function next() {
    showFault(form.current, () => setTried(true));
    if (wrong || broken.length > 0) return;
    setBusy(true);
    try {
      // Nobody has to think of a password: the provider's rule makes one.
      let password = passwords ? f.password : "";
      if (passwords && password === "") {
        password = (await client.staff.makePassword(office.id, address)).password;
        set({ password });
      }
      if (password !== "" && !(await openVault())) return;
      const handle = password === "" ? "" : await client.vault.keep(password);
      const lists = directory.lists.filter((l) => f.lists.includes(l.id)).map((l) => l.name || l.address);
      const takes = (attr: string) => ability.creates(attr) || ability.changes(attr);
      propose(creating(f, handle, directory, takes), (run) => {
        if (run.done > 0) onJoined({ name: f.name.trim(), address, lists, password, failed: run.failed });
      });
    } finally {
      setBusy(false);
    }
  }
  return (
    <form
      ref={form}
      className="card form-card"
      aria-label={t("joiner.title")}
      onSubmit={(e) => {
        e.preventDefault();
        void next();
      }}
    >
      <TextField
        label={t("attr.name")}
        value={f.name}
        autoFocus
        fault={faultOf(told, "name")}
        onChange={(name) => set({ name })}
      />
      <AddressField
        office={office}
        directory={directory}
        f={f}
        set={set}
        taken={use(address)}
        fault={faultOf(told, "address")}
      />
      {directory.departments.length > 0 && (
        <div className="field">
          <label htmlFor={`${id}-d`}>{t("attr.departments")}</label>
          <DepartmentPicker
            id={`${id}-d`}
            directory={directory}
            many={ability.caps?.manyDepartments ?? false}
            value={f.departments}
            onChange={(departments) => set({ departments })}
          />
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-l`}>{t("joiner.lists")}</label>
        <Select
          id={`${id}-l`}
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
      {passwords && (
        <>
          <PasswordInput
            office={office}
            label={t("staff.form.password")}
            address={address}
            value={f.password}
            onChange={(password) => set({ password })}
            onBroken={setBroken}
          />
          <Checkbox checked={f.mustChange} onChange={(e) => set({ mustChange: e.target.checked })}>
            {t("staff.form.mustChange")}
          </Checkbox>
        </>
      )}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("joiner.next")}
        </Button>
      </div>
    </form>
  );
}
