import { HistoryOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { ChangeRun, OfficeInfo } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { useChanges } from "@/components/office/ChangesContext";
import { NoOffice } from "@/components/office/NoOffice";
import { useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

/** Every set of changes that was made to the office, the newest first. */
export function HistoryPage() {
  const { t } = useTranslation();
  const office = useOffice();
  return (
    <div className="page">
      <PageHeader
        title={t("change.history")}
        lead={t("change.historyLead")}
        above={<Link href="/people">{t("change.back")}</Link>}
      />
      {office === null && <NoOffice />}
      {office && <Runs office={office} />}
      <p className="faint">
        {t("change.recordHint")}{" "}
        <Link href="/settings" className="link">
          {t("change.record")}
        </Link>
      </p>
    </div>
  );
}

function Runs({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const format = useFormat();
  const { show } = useChanges();
  const { data: runs, error } = useQuery({
    queryKey: keys.runs(office.id),
    queryFn: () => client.changes.list(office.id, 200),
  });
  if (error) return <TroubleCard problem={problemOf(error)} />;
  if (!runs) return <Skeleton active />;
  if (runs.length === 0) {
    return (
      <EmptyState icon={<HistoryOutlined aria-hidden />} title={t("change.historyEmpty")}>
        <p>{t("change.historyEmptyText")}</p>
      </EmptyState>
    );
  }
  const did = (r: ChangeRun) =>
    r.kinds
      .map((k) => t("change.kindCount", { kind: code("change.kind", k.kind), count: k.n }))
      .join(t("list.comma"));
  const columns: Column<ChangeRun>[] = [
    { key: "when", title: t("change.when"), width: "170px", cell: (r) => format.moment(r.started) },
    {
      key: "did",
      title: t("change.did"),
      width: "minmax(220px, 3fr)",
      cell: (r) => (
        <span className="clip" title={did(r)}>
          {r.undoes !== "" && <em>{`${t("change.isUndo")} · `}</em>}
          {did(r)}
        </span>
      ),
    },
    {
      key: "state",
      title: t("change.result"),
      width: "minmax(170px, 1.4fr)",
      cell: (r) => (
        <span className={r.failed > 0 ? "warn" : undefined}>
          {code("change.state", r.state)} ·{" "}
          {t("change.figures", { done: String(r.done), total: String(r.total) })}
          {r.undone !== "" && ` · ${t("change.undoneBy")}`}
        </span>
      ),
    },
    {
      key: "open",
      title: <span className="visually-hidden">{t("change.open")}</span>,
      width: "80px",
      align: "end",
      cell: (r) => (
        <button
          type="button"
          className="link"
          onClick={() => show(r)}
          aria-label={`${t("change.open")} · ${format.moment(r.started)} · ${did(r)}`}
        >
          {t("change.open")}
        </button>
      ),
    },
  ];
  return (
    <VirtualTable
      label={t("change.history")}
      columns={columns}
      rows={runs}
      rowKey={(r) => r.id}
      minWidth={680}
    />
  );
}
