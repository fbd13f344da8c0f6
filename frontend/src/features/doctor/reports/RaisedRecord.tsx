import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { AssistRow } from "@/api/doctor";
import { CopyButton } from "@/components/CopyButton";

/** The exact record of the next step, made from the one that stands in the DNS now. */
export function RaisedRecord({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const [row, setRow] = useState<AssistRow | "asking" | "silent">("asking");
  useEffect(() => {
    let here = true;
    const request = { domain, provider: "", leaving: "", switching: false, raise: true, resolver: "" };
    setRow("asking");
    client.exams.assist(`dmarc-raise-${domain}`, request).then(
      (table) => {
        const found = table.rows.find((r) => r.use === "dmarc" && r.state !== "unknown");
        if (here) setRow(found ?? "silent");
      },
      () => here && setRow("silent"),
    );
    return () => {
      here = false;
    };
  }, [client, domain]);

  if (row === "asking") return <p className="faint">{t("dmarcReports.record.asking")}</p>;
  const value = row === "silent" ? undefined : row.should[0];
  if (row === "silent" || !value) return <p>{t("dmarcReports.record.silent")}</p>;
  if (row.state === "ok") return <p>{t("dmarcReports.record.done", { record: value })}</p>;
  return (
    <div className="web-file">
      {row.state === "missing" && <p className="warn">{t("dmarcReports.record.missing")}</p>}
      <p>
        {t("dmarcReports.record.name")} <code>{row.name}</code> {row.type}
      </p>
      <pre>{value}</pre>
      <div className="row wrap no-print">
        <CopyButton text={value} label={t("examine.copyValue")} />
      </div>
    </div>
  );
}
