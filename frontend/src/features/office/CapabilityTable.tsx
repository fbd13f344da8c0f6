import { CheckCircleOutlined, MinusCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeSupport } from "@/api/offices";
import { useReason } from "@/components/office/useOffice";
import { useCodeText } from "@/lib/codeText";

/** What an office can do; where it cannot, why, and where to do it instead. */
export function CapabilityTable({ provider, support }: { provider: string; support: OfficeSupport[] }) {
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const reason = useReason(provider);
  return (
    <div className="plain-scroll">
      <table className="plain-table capabilities" aria-label={t("offices.canTitle")}>
        <thead>
          <tr>
            <th scope="col">{t("offices.capability")}</th>
            <th scope="col">{t("offices.state")}</th>
          </tr>
        </thead>
        <tbody>
          {support.map((s) => (
            <tr key={s.capability}>
              <th scope="row">{code("capability", s.capability)}</th>
              <td>
                {s.can ? (
                  <span className="good">
                    <CheckCircleOutlined aria-hidden /> {t(s.local ? "offices.canHere" : "offices.can")}
                  </span>
                ) : (
                  <>
                    <MinusCircleOutlined aria-hidden className="faint" /> {reason(s)}{" "}
                    {s.console !== "" && (
                      <button
                        type="button"
                        className="link"
                        onClick={() => void client.app.openLink(s.console).catch(() => undefined)}
                      >
                        {t("offices.toConsole")}
                      </button>
                    )}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
