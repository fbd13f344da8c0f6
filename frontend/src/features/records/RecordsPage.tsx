import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { OfficeInfo } from "@/api/offices";
import { useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { NoOffice } from "@/features/office/NoOffice";
import { RecordSection } from "@/features/record/RecordSection";
import { ArchivePage } from "@/features/records/archive/ArchivePage";
import { LockButton } from "@/features/records/desk/LockButton";
import { LookupPage } from "@/features/records/lookup/LookupPage";
import { pathOf, restAt, type Section, sectionAt, sections } from "@/features/records/places";
import { SearchPage } from "@/features/records/search/SearchPage";
import { SourcesPage } from "@/features/records/sources/SourcesPage";
import { StatsPage } from "@/features/records/stats/StatsPage";
import { UnusualPage } from "@/features/records/unusual/UnusualPage";
import { openShelf, useShelf } from "@/features/records/useShelf";

/** What happened in the office's mail. */
export function RecordsPage() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const office = useOffice();
  const here = sectionAt(location);
  if (office === undefined) return null;
  return (
    <div className="page records-page">
      <PageHeader
        title={t("nav.records")}
        lead={t("recordsPage.lead")}
        actions={office && <LockButton office={office} />}
      />
      {office === null ? (
        <NoOffice />
      ) : (
        <>
          <div className="section-nav" role="group" aria-label={t("recordsPage.sections")}>
            {sections.map((s) => (
              <Link
                key={s}
                href={pathOf(s)}
                className="section-link"
                aria-current={s === here ? "page" : undefined}
              >
                {t(`recordsPage.section.${s}`)}
              </Link>
            ))}
          </div>
          <ArchiveLine office={office} />
          <Content key={office.id} section={here} rest={restAt(location)} office={office} />
        </>
      )}
    </div>
  );
}

/** Says that not the office but an opened archive is looked through. */
function ArchiveLine({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const { archive } = useShelf(office.id);
  if (!archive) return null;
  return (
    <p className="notice" role="status">
      {t("recordsPage.archiveOpen")}{" "}
      <button type="button" className="link" onClick={() => openShelf("")}>
        {t("recordsPage.archiveClose")}
      </button>
    </p>
  );
}

function Content({ section, rest, office }: { section: Section; rest: string; office: OfficeInfo }) {
  switch (section) {
    case "lookup":
      return <LookupPage office={office} />;
    case "search":
      return <SearchPage office={office} asked={rest} />;
    case "sources":
      return <SourcesPage office={office} />;
    case "stats":
      return <StatsPage office={office} />;
    case "unusual":
      return <UnusualPage office={office} />;
    case "archive":
      return <ArchivePage office={office} />;
    case "own":
      return <RecordSection />;
  }
}
