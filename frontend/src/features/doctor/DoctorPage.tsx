import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { PageHeader } from "@/components/PageHeader";
import { BouncePage } from "@/features/doctor/bounce/BouncePage";
import { CheckPage } from "@/features/doctor/check/CheckPage";
import { DNSPage } from "@/features/doctor/dns/DNSPage";
import { GuidesPage } from "@/features/doctor/guides/GuidesPage";
import { HeaderPage } from "@/features/doctor/header/HeaderPage";
import { LetterPage } from "@/features/doctor/letter/LetterPage";
import { MonitorPage } from "@/features/doctor/monitor/MonitorPage";
import { pathOf, restAt, type Section, sectionAt, sections } from "@/features/doctor/places";
import { QuestionsPage } from "@/features/doctor/questions/QuestionsPage";
import { ReportsPage } from "@/features/doctor/reports/ReportsPage";

/** The doctor: find it, say it, mend it. */
export function DoctorPage() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const here = sectionAt(location);
  return (
    <div className="page doctor">
      <PageHeader title={t("nav.doctor")} lead={t("doctorPage.lead")} />
      <div className="section-nav" role="group" aria-label={t("doctorPage.sections")}>
        {sections.map((s) => (
          <Link
            key={s}
            href={pathOf(s)}
            className="section-link"
            aria-current={s === here ? "page" : undefined}
          >
            {t(`doctorPage.section.${s}`)}
          </Link>
        ))}
      </div>
      <Content section={here} rest={decodeURIComponent(restAt(location))} />
    </div>
  );
}

function Content({ section, rest }: { section: Section; rest: string }) {
  switch (section) {
    case "check":
      return <CheckPage domain={rest} />;
    case "dns":
      return <DNSPage />;
    case "reports":
      return <ReportsPage />;
    case "bounce":
      return <BouncePage />;
    case "header":
      return <HeaderPage />;
    case "guides":
      return <GuidesPage id={rest} />;
    case "questions":
      return <QuestionsPage id={rest} />;
    case "letter":
      return <LetterPage />;
    case "monitor":
      return <MonitorPage />;
  }
}
