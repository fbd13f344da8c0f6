import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";

/** Opens a page in the browser; says so where that cannot be done. */
export function useLink(): (url: string) => void {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  return (url) => {
    if (!url) {
      void message.info(t("guides.ui.noLink"));
      return;
    }
    client.app.openLink(url).catch(() => void message.info(url, 8));
  };
}
