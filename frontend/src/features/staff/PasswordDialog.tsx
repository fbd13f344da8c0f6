import { Checkbox, Modal } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { useChanges } from "@/components/office/ChangesContext";
import { changePerson } from "@/components/office/change";
import type { Ability } from "@/components/office/useOffice";
import { useOpenVault } from "@/components/vault/VaultGate";
import { PasswordInput } from "@/features/staff/PasswordInput";

interface Props {
  office: OfficeInfo;
  person: OfficePerson;
  ability: Ability;
  onClose: () => void;
}

export function PasswordDialog({ office, person, ability, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const { propose } = useChanges();
  const [password, setPassword] = useState("");
  const demands = ability.changes("mustChange");
  const [mustChange, setMustChange] = useState(true);
  const [ok, setOk] = useState(false);
  const onBroken = useCallback((broken: string[]) => setOk(broken.length === 0), []);
  async function next() {
    if (!(await openVault())) return;
    const handle = await client.vault.keep(password);
    onClose();
    propose([
      changePerson(person, { kind: "person.password", password: handle, mustChange: demands && mustChange }),
    ]);
  }
  return (
    <Modal
      open
      title={t("staff.passwordTitle", { name: person.name || person.address })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: !ok || password === "" }}
      onOk={() => void next()}
      onCancel={onClose}
    >
      <div className="stack">
        <PasswordInput
          office={office}
          label={t("staff.form.newPassword")}
          address={person.address}
          value={password}
          onChange={setPassword}
          onBroken={onBroken}
        />
        {demands && (
          <Checkbox checked={mustChange} onChange={(e) => setMustChange(e.target.checked)}>
            {t("staff.form.mustChange")}
          </Checkbox>
        )}
      </div>
    </Modal>
  );
}
