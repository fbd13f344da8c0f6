import { CopyOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { DNSRecord } from "@/api/types";

/** Records to copy into the form of whoever keeps the domain's DNS. */
export function RecordList({ records, domain }: { records: DNSRecord[]; domain: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  function copy(value: string) {
    navigator.clipboard.writeText(value).then(
      () => void message.success(t("switchover.copied")),
      () => void message.error(t("run.steps.notCopied")),
    );
  }
  return (
    <div className="records">
      <small>{t("switchover.should")}</small>
      <table>
        <thead>
          <tr>
            <th>{t("switchover.record.type")}</th>
            <th>{t("switchover.record.name")}</th>
            <th>{t("switchover.record.value")}</th>
            <th>{t("switchover.record.ttl")}</th>
            <th>
              <span className="visually-hidden">{t("switchover.copy")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((r) => (
            <tr key={`${r.type} ${r.name} ${r.value}`}>
              <td>{r.type}</td>
              <td>
                <code>{r.name === "@" ? t("switchover.record.root", { domain }) : r.name || "–"}</code>
              </td>
              <td>
                {r.value ? (
                  <code>{r.type === "MX" ? `${r.priority} ${r.value}` : r.value}</code>
                ) : (
                  t("switchover.record.console")
                )}
              </td>
              <td className="tabular">{r.ttl > 0 ? r.ttl : "–"}</td>
              <td>
                {r.value && (
                  <Button
                    size="small"
                    type="text"
                    icon={<CopyOutlined aria-hidden />}
                    aria-label={t("switchover.copyValue", { value: r.value })}
                    onClick={() => copy(r.value)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
