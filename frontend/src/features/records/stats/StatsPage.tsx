import { BarChartOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input, Select, Skeleton } from "antd";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { useRecordZone } from "@/components/records/useRecordZone";
import { useShelf } from "@/components/records/useShelf";
import { TroubleCard } from "@/components/TroubleCard";
import { ReportCard } from "@/features/records/stats/ReportCard";
import { rangeOf, type Span, spans } from "@/features/records/stats/range";
import { Sums } from "@/features/records/stats/Sums";
import { useFormatIn } from "@/lib/useFormat";

/** Sums of any span of days, and the monthly report. */
export function StatsPage({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const { shelf, archive } = useShelf(office.id);
  const [span, setSpan] = useState<Span>("month");
  const { dayName } = useFormatIn(useRecordZone(office.id)?.name);
  const [own, setOwn] = useState(() => rangeOf("month", dayName(Date.now())));
  const { from, to } = useMemo(
    () => (span === "own" ? own : rangeOf(span, dayName(Date.now()))),
    [span, own, dayName],
  );
  const ordered = from !== "" && to !== "" && from <= to;
  const { data, error } = useQuery({
    queryKey: keys.recordStats(shelf, from, to),
    queryFn: () => client.recordStats.statistics(shelf, from, to),
    enabled: ordered,
    placeholderData: keepPreviousData,
  });
  const empty = data && data.days.length === 0 && data.outcomes.length === 0;
  return (
    <section className="stack" aria-label={t("recordsPage.section.stats")}>
      <div className="row wrap end-aligned">
        <div className="field">
          <label htmlFor={`${id}-s`}>{t("recordsPage.stats.span")}</label>
          <Select<Span>
            id={`${id}-s`}
            className="span-select"
            value={span}
            options={spans.map((s) => ({ value: s, label: t(`recordsPage.stats.spans.${s}`) }))}
            onChange={(s) => {
              setOwn({ from, to });
              setSpan(s);
            }}
          />
        </div>
        {span === "own" && (
          <>
            <DayField
              label={t("recordsPage.form.after")}
              value={own.from}
              onChange={(v) => setOwn({ ...own, from: v })}
            />
            <DayField
              label={t("recordsPage.form.before")}
              value={own.to}
              onChange={(v) => setOwn({ ...own, to: v })}
            />
          </>
        )}
      </div>
      {!ordered && (
        <p className="bad" role="alert">
          {t("recordsPage.stats.order")}
        </p>
      )}
      {error && <TroubleCard problem={problemOf(error)} />}
      {!data && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {empty && (
        <EmptyState icon={<BarChartOutlined aria-hidden />} title={t("recordsPage.stats.empty")}>
          <p>{t("recordsPage.stats.emptyText")}</p>
        </EmptyState>
      )}
      {data && !empty && <Sums office={office} stats={data} />}
      {!archive && <ReportCard office={office} />}
    </section>
  );
}

function DayField(props: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <Input id={id} type="date" value={props.value} onChange={(e) => props.onChange(e.target.value)} />
    </div>
  );
}
