import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem, VaultStatus } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";

const shortest = 8;

interface Props {
  status: VaultStatus;
  onDone: () => void;
  onCancel: () => void;
}

/** Opens the vault with its passphrase, or makes one where nothing holds the key yet. */
export function VaultDialog({ status, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const fresh = status.state === "missing";
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const differs = fresh && second !== "" && first !== second;
  const complete = fresh ? first.length >= shortest && first === second : first !== "";

  async function send() {
    if (!complete) return;
    setBusy(true);
    setTrouble(undefined);
    try {
      await (fresh ? client.vault.create(first) : client.vault.unlock(first));
      onDone();
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      title={t(fresh ? "vault.newTitle" : "vault.openTitle")}
      okText={t(fresh ? "vault.newOk" : "vault.openOk")}
      okButtonProps={{ disabled: !complete, loading: busy }}
      onOk={() => void send()}
      onCancel={onCancel}
      width={460}
    >
      <p>{t(fresh ? "vault.newText" : "vault.openText")}</p>
      <div className="field">
        <label htmlFor={`${id}-1`}>{t("vault.passphrase")}</label>
        <Input.Password
          autoFocus
          id={`${id}-1`}
          value={first}
          autoComplete="off"
          onChange={(e) => setFirst(e.target.value)}
          onPressEnter={() => void send()}
        />
        {fresh && <small>{t("vault.shortest", { count: shortest })}</small>}
      </div>
      {fresh && (
        <div className="field">
          <label htmlFor={`${id}-2`}>{t("vault.again")}</label>
          <Input.Password
            id={`${id}-2`}
            value={second}
            status={differs ? "error" : undefined}
            autoComplete="off"
            onChange={(e) => setSecond(e.target.value)}
            onPressEnter={() => void send()}
          />
          {differs && <small className="bad">{t("vault.differs")}</small>}
        </div>
      )}
      {trouble?.code === "unauthenticated" ? (
        <p className="bad" role="alert">
          {t("vault.wrong")}
        </p>
      ) : (
        trouble && <TroubleCard problem={trouble} />
      )}
    </Modal>
  );
}
