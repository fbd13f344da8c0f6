import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { OfficeInfo } from "@/api/offices";
import { RecordSection } from "@/components/audit/RecordSection";
import { NoOffice } from "@/components/office/NoOffice";
import { useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { FetchLine } from "@/components/records/FetchLine";
import { useRecordZone } from "@/components/records/useRecordZone";
import { type Opened, openShelf, useOpened } from "@/components/records/useShelf";
import { useZoneName } from "@/components/records/useZoneName";
import { ArchivePage } from "@/features/records/archive/ArchivePage";
import { LockButton } from "@/features/records/desk/LockButton";
import { LookupPage } from "@/features/records/lookup/LookupPage";
import { pathOf, restAt, type Section, sectionAt, sections } from "@/features/records/places";
import { SearchPage } from "@/features/records/search/SearchPage";
import { RemovedOffices } from "@/features/records/sources/RemovedOffices";
import { SourcesPage } from "@/features/records/sources/SourcesPage";
import { StatsPage } from "@/features/records/stats/StatsPage";
import { UnusualPage } from "@/features/records/unusual/UnusualPage";
import { useFormat } from "@/lib/useFormat";

/** What happened in the office's mail. */
export function RecordsPage() {
  const { t } = useTranslation();
  const office = useOffice();
  const opened = useOpened();
  if (office === undefined) return null;
  return (
    <div className="page records-page">
      <PageHeader
        title={t("nav.records")}
        lead={t("recordsPage.lead")}
        actions={office && <LockButton office={office} />}
      />
      {office === null && !opened ? (
        <>
          <NoOffice />
          <RemovedOffices />
        </>
      ) : (
        <Parts office={office ?? goneOffice(opened)} only={office === null ? forReading : sections} />
      )}
    </div>
  );
}

/** What can be asked of records to which nothing is added. */
const forReading: readonly Section[] = ["lookup", "search", "stats"];

/** A removed office as far as the pages need it. */
function goneOffice(opened: Opened | undefined): OfficeInfo {
  const title = opened?.title ?? "";
  return {
    id: opened?.shelf ?? "",
    name: title,
    title,
    provider: "",
    domain: "",
    values: {},
    secrets: [],
    baseUrl: "",
    readOnly: true,
    current: false,
    missing: true,
    added: 0,
  };
}

function Parts({ office, only }: { office: OfficeInfo; only: readonly Section[] }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const asked = sectionAt(location);
  const here = only.includes(asked) ? asked : (only[0] ?? asked);
  return (
    <>
      <div className="section-nav" role="group" aria-label={t("recordsPage.sections")}>
        {only.map((s) => (
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
      <OtherLine />
      <ZoneLine office={office} />
      {here !== "sources" && <FetchLine office={office} />}
      <Content key={office.id} section={here} rest={restAt(location)} office={office} />
    </>
  );
}

/** Says that not the office but other records are looked through. */
function OtherLine() {
  const { t } = useTranslation();
  const format = useFormat();
  const opened = useOpened();
  if (!opened) return null;
  return (
    <p className="notice" role="status">
      {opened.title
        ? t("recordsPage.removed.open", {
            title: opened.title,
            at: opened.removed ? format.moment(opened.removed) : "–",
          })
        : t("recordsPage.archiveOpen")}{" "}
      <button type="button" className="link" onClick={() => openShelf(undefined)}>
        {t("recordsPage.archiveClose")}
      </button>
    </p>
  );
}

/** Says in which zone times are told, where it is not this computer's. */
function ZoneLine({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const zone = useRecordZone(office.id);
  const named = useZoneName();
  if (!zone || zone.name === zone.computer) return null;
  return (
    <p className="faint">
      {t("recordsPage.zone.line", { zone: named(zone.name), computer: named(zone.computer) })}
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
      return <ArchivePage office={office} now={rest === "now"} />;
    case "own":
      return <RecordSection />;
  }
}
