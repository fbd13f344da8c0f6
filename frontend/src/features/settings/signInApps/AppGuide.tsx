import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { SignInVendor } from "@/api/types";

const steps = ["1", "2", "3", "4", "5", "6"] as const;

const pages: Record<SignInVendor, string> = {
  google: "https://console.cloud.google.com/apis/credentials",
  microsoft: "https://entra.microsoft.com/",
  "microsoft-cn": "https://portal.azure.cn/",
};

/** How an office registers an app of its own, step by step. */
export function AppGuide({ vendor }: { vendor: SignInVendor }) {
  const { t } = useTranslation();
  const client = useClient();
  return (
    <details className="folded" open>
      <summary>{t("oauth.apps.guide")}</summary>
      <ol>
        {steps.map((n) => (
          <li key={n}>
            {t(`oauth.guide.${vendor}.${n}`)}{" "}
            {n === "1" && (
              <button
                type="button"
                className="link"
                onClick={() => void client.app.openLink(pages[vendor]).catch(() => undefined)}
              >
                {t("oauth.openPage")}
              </button>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
