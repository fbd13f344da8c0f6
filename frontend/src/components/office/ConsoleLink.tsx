import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { useMakers } from "@/components/office/useOffice";

/** Opens the provider's own console in the browser; nothing where it has none that is known. */
export function ConsoleLink({ provider }: { provider: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const { data: makers } = useMakers();
  const address = makers?.find((m) => m.id === provider)?.console ?? "";
  if (address === "") return null;
  return (
    <small>
      <button
        type="button"
        className="link"
        onClick={() => void client.app.openLink(address).catch(() => undefined)}
      >
        {t("connect.console")}
      </button>
    </small>
  );
}
