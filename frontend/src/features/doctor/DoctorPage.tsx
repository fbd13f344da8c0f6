import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { PageHeader } from "@/components/PageHeader";
import { BouncePage } from "@/features/doctor/bounce/BouncePage";
import { HeaderPage } from "@/features/doctor/header/HeaderPage";
import { pathOf, type Section, sectionAt, sections } from "@/features/doctor/places";

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
      <Content section={here} />
    </div>
  );
}

function Content({ section }: { section: Section }) {
  switch (section) {
    case "bounce":
      return <BouncePage />;
    case "header":
      return <HeaderPage />;
  }
}
