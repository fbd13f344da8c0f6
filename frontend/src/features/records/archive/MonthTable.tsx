import { useTranslation } from "react-i18next";
import type { ArchiveState } from "@/api/records";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

type Month = ArchiveState["months"][number];

/** The archived months, the newest first. */
export function MonthTable({ months }: { months: Month[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (months.length === 0) return null;
  const columns: Column<Month>[] = [
    {
      key: "month",
      title: t("recordsPage.archive.month"),
      width: "150px",
      cell: (m) => format.month(m.month),
    },
    {
      key: "rows",
      title: t("recordsPage.sources.rows"),
      width: "120px",
      align: "end",
      cell: (m) => <span className="tabular">{format.number(m.rows)}</span>,
    },
    {
      key: "bytes",
      title: t("recordsPage.archive.size"),
      width: "110px",
      align: "end",
      cell: (m) => <span className="tabular">{format.bytes(m.bytes)}</span>,
    },
    {
      key: "gaps",
      title: t("recordsPage.sources.missing"),
      width: "minmax(160px, 1fr)",
      cell: (m) =>
        m.gaps > 0 ? (
          <span className="warn">{t("recordsPage.archive.gaps", { count: m.gaps })}</span>
        ) : (
          <span className="good">{t("recordsPage.sources.complete")}</span>
        ),
    },
    {
      key: "made",
      title: t("recordsPage.archive.made"),
      width: "190px",
      cell: (m) => <span className="tabular">{format.moment(m.made)}</span>,
    },
  ];
  return (
    <section className="card flush" aria-labelledby="archived-months">
      <div className="card-head">
        <h2 id="archived-months">{t("recordsPage.archive.months")}</h2>
      </div>
      <VirtualTable
        label={t("recordsPage.archive.months")}
        columns={columns}
        rows={[...months].reverse()}
        rowKey={(m) => String(m.seq)}
        maxRows={8}
        minWidth={720}
      />
    </section>
  );
}
