import { RollbackOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { BounceResult } from "@/features/doctor/bounce/BounceResult";
import { exampleBounce } from "@/features/doctor/examples";
import { MailEntry } from "@/features/doctor/MailEntry";
import { useReading } from "@/features/doctor/useReading";

/** Returned mail in plain words. */
export function BouncePage() {
  const { t } = useTranslation();
  const client = useClient();
  const reading = useReading("bounce", (input) => client.readers.bounce(input));
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("bounce.title")}</h2>
        <p className="lead">{t("bounce.lead")}</p>
      </div>
      <MailEntry
        label={t("bounce.field")}
        placeholder={t("bounce.placeholder")}
        words={{
          read: t("bounce.read"),
          file: t("bounce.file"),
          drop: t("bounce.drop"),
          example: t("bounce.example"),
        }}
        example={exampleBounce}
        text={reading.text}
        onText={reading.type}
        onRead={reading.read}
        busy={reading.busy}
      />
      {reading.trouble && <TroubleCard problem={reading.trouble} />}
      {reading.report && (
        <>
          <BounceResult report={reading.report} />
          <div>
            <Button onClick={reading.forget}>{t("bounce.again")}</Button>
          </div>
        </>
      )}
      {!reading.report && !reading.trouble && !reading.busy && (
        <EmptyState icon={<RollbackOutlined />} title={t("bounce.empty.title")}>
          <p>{t("bounce.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}
