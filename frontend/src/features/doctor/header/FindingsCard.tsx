import { useTranslation } from "react-i18next";
import type { Finding } from "@/api/doctor";
import { FindingList } from "@/features/doctor/check/FindingList";

/** The checks of the mail itself, worst first. */
export function FindingsCard({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="mail-findings-title">
      <h3 id="mail-findings-title">{t("mailHeader.findings")}</h3>
      <FindingList findings={findings} running={false} />
    </section>
  );
}
