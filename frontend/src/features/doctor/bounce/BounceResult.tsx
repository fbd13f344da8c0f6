import { useTranslation } from "react-i18next";
import type { BounceReport } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import { RecipientCard } from "@/features/doctor/bounce/RecipientCard";
import type { Tone } from "@/lib/moves";
import { useText } from "@/lib/useText";

const tones: Record<BounceReport["kind"], Tone> = {
  failure: "bad",
  delay: "warn",
  success: "good",
  autoreply: "good",
  receipt: "good",
  complaint: "warn",
  other: "calm",
};

/** What a returned mail says, recipient by recipient. */
export function BounceResult({ report }: { report: BounceReport }) {
  const { t } = useTranslation();
  const text = useText();
  const told = report.kind === "failure" || report.kind === "delay" || report.kind === "success";
  const failed = report.recipients.filter((r) => r.cause !== "delivered" && r.cause !== "passed-on").length;
  return (
    <section className="group" aria-label={t("bounce.title")} aria-live="polite">
      <div className="row wrap">
        <StateTag tone={tones[report.kind]}>{t(`bounce.kind.${report.kind}`)}</StateTag>
        {told && failed > 0 && <strong>{t("bounce.summary", { count: failed })}</strong>}
        {report.system && (
          <span className="faint">
            {t("bounce.system")} {report.system}
          </span>
        )}
      </div>
      {!told && <p>{text(`bounce.kindText.${report.kind}`)}</p>}
      {told && report.recipients.map((r) => <RecipientCard key={`${r.address}${r.words}`} recipient={r} />)}
      {told && <Original report={report} />}
      {report.cut && <p className="faint">{t("bounce.cut")}</p>}
    </section>
  );
}

function Original({ report }: { report: BounceReport }) {
  const { t } = useTranslation();
  const { subject, to, date } = report.original;
  if (!subject && !to && !report.reporter) return null;
  return (
    <details className="folded">
      <summary>{t("bounce.original")}</summary>
      <dl className="facts">
        {subject && (
          <>
            <dt>{t("bounce.subject")}</dt>
            <dd>{subject}</dd>
          </>
        )}
        {date && (
          <>
            <dt>{t("bounce.sent")}</dt>
            <dd>{date}</dd>
          </>
        )}
        {report.reporter && (
          <>
            <dt>{t("bounce.reporter")}</dt>
            <dd>{report.reporter}</dd>
          </>
        )}
      </dl>
    </details>
  );
}
