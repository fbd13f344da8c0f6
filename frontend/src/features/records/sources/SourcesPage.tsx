import { CloudDownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/Figure";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { FetchCard } from "@/features/records/sources/FetchCard";
import { LogFiles } from "@/features/records/sources/LogFiles";
import { RemovedOffices } from "@/features/records/sources/RemovedOffices";
import { SourceTable } from "@/features/records/sources/SourceTable";
import { ZoneCard } from "@/features/records/sources/ZoneCard";
import { useFormat } from "@/lib/useFormat";

const whileRunning = 3000;

/** Where records come from, until when, and what is missing. */
export function SourcesPage({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const { data: state, error } = useQuery({
    queryKey: keys.recordState(office.id),
    queryFn: () => client.recordSources.state(office.id),
    refetchInterval: (query) => (query.state.data?.running ? whileRunning : false),
  });
  if (error) return <TroubleCard problem={problemOf(error)} />;
  if (!state) return <Skeleton active />;
  const oldest = state.months.at(-1);
  return (
    <VaultGate>
      <section className="stack" aria-label={t("recordsPage.section.sources")}>
        <FetchCard office={office} state={state} />
        {state.sources.length === 0 ? (
          <EmptyState icon={<CloudDownloadOutlined aria-hidden />} title={t("recordsPage.sources.none")}>
            <p>{t(state.canFetch ? "recordsPage.sources.noneFetch" : "recordsPage.sources.noneFiles")}</p>
          </EmptyState>
        ) : (
          <>
            <dl className="figures">
              <Figure label={t("recordsPage.sources.rows")} value={format.number(state.rows)} />
              <Figure
                label={t("recordsPage.sources.months")}
                value={format.number(state.months.length)}
                note={oldest && t("recordsPage.sources.since", { month: format.month(oldest) })}
              />
              <Figure label={t("recordsPage.sources.bytes")} value={format.bytes(state.bytes)} />
            </dl>
            <SourceTable office={office} sources={state.sources} lacks={state.lacks} />
          </>
        )}
        <LogFiles office={office} folders={state.folders} />
        <ZoneCard office={office} />
        <RemovedOffices />
      </section>
    </VaultGate>
  );
}
