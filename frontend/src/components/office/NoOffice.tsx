import { BankOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { EmptyState } from "@/components/EmptyState";
import { troubleText } from "@/components/trouble";

/** Where no office is connected yet: what to do first. */
export function NoOffice() {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  function practice() {
    setBusy(true);
    client.offices
      .connectPractice()
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what))
      .finally(() => setBusy(false));
  }
  return (
    <EmptyState icon={<BankOutlined aria-hidden />} title={t("offices.emptyTitle")}>
      <p>{t("offices.emptyText")}</p>
      <div className="row wrap centred">
        <Button type="primary" onClick={() => go("/offices/new")}>
          {t("offices.add")}
        </Button>
        <Button loading={busy} onClick={practice}>
          {t("office.tryPractice")}
        </Button>
      </div>
    </EmptyState>
  );
}
