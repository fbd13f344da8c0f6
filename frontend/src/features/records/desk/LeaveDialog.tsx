import { useQueryClient } from "@tanstack/react-query";
import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";

/** The administrator's password ends the front desk. */
export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  async function leave() {
    if (password === "" || busy) return;
    setBusy(true);
    setTrouble(undefined);
    try {
      const state = await client.frontDesk.leave(password);
      // What was refused while locked is asked again.
      await cache.invalidateQueries();
      cache.setQueryData(keys.frontDesk, state);
    } catch (e) {
      setPassword("");
      setTrouble(problemOf(e));
      setBusy(false);
    }
  }
  return (
    <Modal
      open
      title={t("recordsPage.desk.leaveTitle")}
      okText={t("recordsPage.desk.leaveOk")}
      okButtonProps={{ disabled: password === "", loading: busy }}
      onOk={() => void leave()}
      onCancel={onClose}
      width={440}
    >
      <div className="field">
        <label htmlFor={id}>{t("recordsPage.desk.password")}</label>
        <Input.Password
          id={id}
          value={password}
          autoComplete="off"
          onChange={(e) => setPassword(e.target.value)}
          onPressEnter={() => void leave()}
        />
      </div>
      {trouble &&
        (trouble.code === "unauthenticated" ? (
          <p className="bad" role="alert">
            {t("recordsPage.desk.wrong")}
          </p>
        ) : (
          <TroubleCard problem={trouble} />
        ))}
    </Modal>
  );
}
