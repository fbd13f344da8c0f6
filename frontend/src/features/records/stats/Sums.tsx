import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { OfficeInfo } from "@/api/offices";
import type { RecordFigures, RecordStatistics } from "@/api/records";
import { Figure } from "@/components/Figure";
import { seenGaps, useRecordText } from "@/components/records/useRecordText";
import { Chart, type Series } from "@/features/records/stats/Chart";
import { PeopleSums } from "@/features/records/stats/PeopleSums";
import { useFormat } from "@/lib/useFormat";

/** The sums of a span of days: totals, days, people. */
export function Sums({ office, stats }: { office: OfficeInfo; stats: RecordStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = stats.total;
  const number = (n: number) => (n < 0 ? "–" : format.number(n));
  const untold = t("recordsPage.stats.untold");
  const size = (n: number, bytes: number) => (n < 0 ? untold : bytes >= 0 ? format.bytes(bytes) : undefined);
  return (
    <>
      <GapNote office={office} stats={stats} />
      <dl className="figures totals">
        <Figure
          label={t("recordsPage.stats.received")}
          value={number(total.received)}
          note={size(total.received, total.receivedBytes)}
        />
        <Figure
          label={t("recordsPage.stats.sent")}
          value={number(total.sent)}
          note={size(total.sent, total.sentBytes)}
        />
        <Figure
          label={t("recordsPage.stats.turned")}
          value={number(total.turned)}
          note={total.turned < 0 ? untold : undefined}
        />
        <Figure
          label={t("recordsPage.stats.bounced")}
          value={number(total.bounced)}
          note={total.bounced < 0 ? untold : undefined}
        />
        <Figure
          label={t("recordsPage.stats.signIns")}
          value={number(total.signIns)}
          note={
            total.signIns < 0
              ? untold
              : total.refused < 0
                ? t("recordsPage.stats.refusedUntold")
                : t("recordsPage.stats.besidesRefused", { n: format.number(total.refused) })
          }
        />
        {total.used >= 0 && (
          <Figure
            label={t("recordsPage.stats.used")}
            value={format.bytes(total.used)}
            note={
              total.quota > 0
                ? t("recordsPage.stats.ofQuota", { quota: format.bytes(total.quota) })
                : undefined
            }
          />
        )}
      </dl>
      <Charts stats={stats} />
      <PeopleSums title={t("recordsPage.stats.senders")} people={stats.senders} by="sent" />
      <PeopleSums title={t("recordsPage.stats.people")} people={stats.people} by="all" />
    </>
  );
}

function Charts({ stats }: { stats: RecordStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { days, mail, signIns, room } = useMemo(() => {
    const of = (pick: (f: RecordFigures) => number) =>
      stats.days.map((d) => (pick(d.figures) < 0 ? null : pick(d.figures)));
    const mail: Series[] = [
      { name: t("recordsPage.stats.received"), color: "accent", values: of((f) => f.received) },
      { name: t("recordsPage.stats.sent"), color: "info", values: of((f) => f.sent) },
    ];
    const signIns: Series[] = [
      { name: t("recordsPage.stats.signedIn"), color: "accent", values: of((f) => f.signIns) },
      { name: t("recordsPage.stats.refused"), color: "bad", values: of((f) => f.refused) },
    ];
    const room: Series[] = [{ name: t("recordsPage.stats.used"), color: "info", values: of((f) => f.used) }];
    const told = (all: Series[]) => all.filter((s) => s.values.some((v) => v !== null));
    return { days: stats.days.map((d) => d.day), mail: told(mail), signIns: told(signIns), room };
  }, [stats, t]);
  const known = room[0]?.values.some((v) => v !== null);
  return (
    <div className="charts">
      {mail.length > 0 && (
        <Chart
          title={t("recordsPage.stats.mailADay")}
          kind="line"
          days={days}
          series={mail}
          say={format.number}
        />
      )}
      {signIns.length > 0 && (
        <Chart
          title={t("recordsPage.stats.signInsADay")}
          kind="bar"
          days={days}
          series={signIns}
          say={format.number}
        />
      )}
      {known && (
        <Chart
          title={t("recordsPage.stats.room")}
          kind="line"
          days={days}
          series={room}
          say={format.bytes}
          bytes
        />
      )}
    </div>
  );
}

/** Sums of days with gaps are too small: said first. */
function GapNote({ office, stats }: { office: OfficeInfo; stats: RecordStatistics }) {
  const { t } = useTranslation();
  const text = useRecordText(office.id);
  const gaps = stats.gaps.filter((g) => seenGaps([g.gap]).length > 0);
  const upTo = stats.upTo > 0 && (
    <p className="faint">{t("recordsPage.stats.upTo", { at: text.moment(stats.upTo) })}</p>
  );
  if (gaps.length === 0) return upTo;
  return (
    <div className="notice">
      <strong>{t("recordsPage.stats.gaps")}</strong>
      <ul className="gaps">
        {gaps.slice(0, 5).map((g) => (
          <li key={`${g.kind}-${g.gap.from}`}>
            {text.kind(g.kind)} · {text.gap(g.gap)}
          </li>
        ))}
      </ul>
      {upTo}
      <Link href="/records/sources">{t("recordsPage.go.sources")}</Link>
    </div>
  );
}
