import { FileSearchOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { exampleHeader } from "@/features/doctor/examples";
import { JunkCard } from "@/features/doctor/header/JunkCard";
import { ProofCard } from "@/features/doctor/header/ProofCard";
import { MarkCard, MessageFacts } from "@/features/doctor/header/Remarks";
import { WayCard } from "@/features/doctor/header/WayCard";
import { MailEntry } from "@/features/doctor/MailEntry";
import { useReading } from "@/features/doctor/useReading";

/** A header in plain words: why junk, is it genuine, which way. */
export function HeaderPage() {
  const { t } = useTranslation();
  const client = useClient();
  const reading = useReading("header", (input) => client.readers.header("doctor-header", input));
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("mailHeader.title")}</h2>
        <p className="lead">{t("mailHeader.lead")}</p>
      </div>
      <MailEntry
        label={t("mailHeader.field")}
        placeholder={t("mailHeader.placeholder")}
        words={{
          read: t("mailHeader.read"),
          file: t("mailHeader.file"),
          drop: t("mailHeader.drop"),
          example: t("mailHeader.example"),
        }}
        example={exampleHeader}
        text={reading.text}
        onText={reading.type}
        onRead={reading.read}
        busy={reading.busy}
      />
      {reading.trouble && <TroubleCard problem={reading.trouble} />}
      {reading.report && (
        <>
          <JunkCard report={reading.report} />
          <ProofCard report={reading.report} />
          <WayCard report={reading.report} />
          <MarkCard report={reading.report} />
          <MessageFacts report={reading.report} />
          <div>
            <Button onClick={reading.forget}>{t("mailHeader.again")}</Button>
          </div>
        </>
      )}
      {!reading.report && !reading.trouble && !reading.busy && (
        <EmptyState icon={<FileSearchOutlined />} title={t("mailHeader.empty.title")}>
          <p>{t("mailHeader.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}
