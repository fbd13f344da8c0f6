import { Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";

/** Asks before the window closes over running work; also follows the program's menu. */
export function CloseDialog() {
  const { t } = useTranslation();
  const client = useClient();
  const [, go] = useLocation();
  const [running, setRunning] = useState(0);
  const [leaving, setLeaving] = useState(false);

  useEffect(() => {
    const stopClosing = client.on("app:closing", (asked) => {
      setRunning(Math.max(1, asked.running));
      client.app.closeAsked().catch(() => undefined);
    });
    const stopNavigate = client.on("app:navigate", (n) => go(`/${n.to.replace(/^\//, "")}`));
    return () => {
      stopClosing();
      stopNavigate();
    };
  }, [client, go]);

  async function leave() {
    setLeaving(true);
    try {
      await client.app.quit();
    } finally {
      setLeaving(false);
      setRunning(0);
    }
  }

  return (
    <Modal
      open={running > 0}
      title={t("close.title")}
      okText={t("close.leave")}
      cancelText={t("close.stay")}
      confirmLoading={leaving}
      onOk={() => void leave()}
      onCancel={() => setRunning(0)}
    >
      <p>{t("close.text", { count: running })}</p>
    </Modal>
  );
}
