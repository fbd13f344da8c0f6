import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MailInput } from "@/api/doctor";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { MailEntry } from "@/features/doctor/MailEntry";
import { PickDialog } from "@/features/doctor/mailbox/PickDialog";
import { useMailbox } from "@/features/doctor/mailbox/useMailbox";
import { useReading } from "@/features/doctor/useReading";

interface Props<T> {
  /** The area of its texts. */
  area: "bounce" | "mailHeader";
  icon: ReactNode;
  example: string;
  /** Whether only returned mail is offered from a mailbox. */
  returned: boolean;
  read: (input: MailInput) => Promise<T>;
  children: (report: T) => ReactNode;
}

/** A page that reads one mail: takes it in, however it comes, and shows what came of it. */
export function ReaderPage<T>(props: Props<T>) {
  return (
    <VaultGate>
      <Reader {...props} />
    </VaultGate>
  );
}

function Reader<T>({ area, icon, example, returned, read, children }: Props<T>) {
  const { t } = useTranslation();
  const reading = useReading(area, read);
  const mailbox = useMailbox("reader-mailbox");
  const [picking, setPicking] = useState(false);
  return (
    <div className="doctor-section">
      <div>
        <h2>{t(`${area}.title`)}</h2>
        <p className="lead">{t(`${area}.lead`)}</p>
      </div>
      <MailEntry
        label={t(`${area}.field`)}
        placeholder={t(`${area}.placeholder`)}
        words={{
          read: t(`${area}.read`),
          file: t(`${area}.file`),
          drop: t(`${area}.drop`),
          example: t(`${area}.example`),
          mailbox: t("pick.open"),
        }}
        example={example}
        text={reading.text}
        onText={reading.type}
        onRead={reading.read}
        onMailbox={() => setPicking(true)}
        busy={reading.busy}
      />
      {reading.trouble && <TroubleCard problem={reading.trouble} />}
      {reading.report && (
        <>
          {children(reading.report)}
          <div>
            <Button onClick={reading.forget}>{t(`${area}.again`)}</Button>
          </div>
        </>
      )}
      {!reading.report && !reading.trouble && !reading.busy && (
        <EmptyState icon={icon} title={t(`${area}.empty.title`)}>
          <p>{t(`${area}.empty.text`)}</p>
        </EmptyState>
      )}
      {picking && (
        <PickDialog
          mailbox={mailbox}
          returned={returned}
          onClose={() => setPicking(false)}
          onPick={(input) => {
            setPicking(false);
            reading.read(input);
          }}
        />
      )}
    </div>
  );
}
