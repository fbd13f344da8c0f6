import { Button, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Startup } from "@/api/types";
import { Logo } from "@/components/Logo";
import { TroubleCard } from "@/components/TroubleCard";

/** Before the data is open, or when it cannot be opened. */
export function StartupScreen({ startup, error }: { startup: Startup | undefined; error: Error | null }) {
  const { t } = useTranslation();
  const client = useClient();
  const trouble = error ? problemOf(error) : startup?.problem;
  return (
    <main className="startup">
      <Logo size={56} />
      <h1>{t("app.name")}</h1>
      {trouble ? (
        <>
          <TroubleCard problem={trouble} />
          <div className="row">
            <Button onClick={() => void client.app.openDataFolder().catch(() => undefined)}>
              {t("settings.openData")}
            </Button>
            <Button type="primary" onClick={() => void client.app.quit().catch(() => undefined)}>
              {t("close.quit")}
            </Button>
          </div>
        </>
      ) : (
        <div role="status" className="row">
          <Spin size="small" /> {t("app.opening")}
        </div>
      )}
    </main>
  );
}
