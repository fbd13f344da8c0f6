import { Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFact } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

interface Props {
  host: string;
  fact: CertificateFact;
  onTrust: () => void;
  onCancel: () => void;
}

const reasons = ["unknown_authority", "wrong_name", "expired", "not_yet_valid", "self_signed"] as const;

/** The question whether to trust one certificate, with what is needed to decide. */
export function CertificateDialog({ host, fact, onTrust, onCancel }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [compared, setCompared] = useState(false);
  const reason = reasons.find((r) => r === fact.reason) ?? "other";
  return (
    <Modal
      open
      title={t("cert.title", { host })}
      okText={t("cert.trust")}
      cancelText={t("cert.cancel")}
      okButtonProps={{ disabled: !compared, danger: true }}
      cancelButtonProps={{ type: "primary" }}
      onOk={onTrust}
      onCancel={onCancel}
      width={560}
    >
      <p>{t(`cert.reason.${reason}`, { host })}</p>
      <dl className="facts">
        <dt>{t("cert.subject")}</dt>
        <dd>{fact.subject || "–"}</dd>
        <dt>{t("cert.issuer")}</dt>
        <dd>{fact.issuer || "–"}</dd>
        <dt>{t("cert.until")}</dt>
        <dd>{fact.notAfter > 0 ? format.moment(fact.notAfter) : "–"}</dd>
        <dt>{t("cert.fingerprint")}</dt>
        <dd>
          <code className="fingerprint">{inPairs(fact.sha256)}</code>
        </dd>
      </dl>
      <p>{t("cert.compare")}</p>
      <Checkbox checked={compared} onChange={(e) => setCompared(e.target.checked)}>
        {t("cert.compared")}
      </Checkbox>
    </Modal>
  );
}

function inPairs(hex: string): string {
  return hex.toUpperCase().replace(/(..)(?=.)/g, "$1:");
}
