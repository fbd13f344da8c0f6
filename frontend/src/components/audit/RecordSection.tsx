import { DownloadOutlined, SafetyCertificateOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { AuditCheck, AuditEntry, LanguageChoice } from "@/api/types";
import { useEntryWords } from "@/components/audit/useEntryWords";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

const page = 100;

/** What Mailroom itself did: to read, search, check and take along. */
export function RecordSection() {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const words = useEntryWords();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState<AuditCheck>();
  const wanted = useDeferredValue(text.trim());
  const query = useInfiniteQuery({
    queryKey: keys.record(wanted),
    queryFn: ({ pageParam }) => client.audit.list({ text: wanted, after: pageParam, limit: page }),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.rows.length === page ? last.rows.at(-1)?.seq : undefined),
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;

  function tell(e: unknown) {
    const trouble = troubleText(t, problemOf(e));
    void message.error(`${trouble.what} ${trouble.todo}`);
  }
  const save = () =>
    client.audit
      .export(i18n.language as LanguageChoice)
      .then((path) => {
        if (path) void message.success(t("audit.exported", { path }));
      })
      .catch(tell);
  const check = () => client.audit.check().then(setChecked).catch(tell);

  const columns: Column<AuditEntry>[] = [
    {
      key: "time",
      title: t("audit.column.time"),
      width: "132px",
      cell: (e) => <span className="tabular">{format.moment(e.time)}</span>,
    },
    { key: "act", title: t("audit.column.act"), width: "150px", cell: (e) => words.act(e) },
    {
      key: "what",
      title: t("audit.column.subject"),
      width: "minmax(200px, 1fr)",
      cell: (e) => (
        <span className="two-lines">
          <span className="clip" title={e.subject}>
            {e.subject || "–"}
          </span>
          <small className="clip" title={words.details(e)}>
            {words.details(e)}
          </small>
        </span>
      ),
    },
  ];
  return (
    <section className="card" aria-labelledby="settings-record">
      <h2 id="settings-record">{t("audit.title")}</h2>
      <p className="faint">{t("audit.lead")}</p>
      <div className="row wrap">
        <Input.Search
          className="grow"
          allowClear
          aria-label={t("audit.search")}
          placeholder={t("audit.search")}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <Button icon={<SafetyCertificateOutlined aria-hidden />} onClick={() => void check()}>
          {t("audit.check")}
        </Button>
        <Button icon={<DownloadOutlined aria-hidden />} disabled={total === 0} onClick={() => void save()}>
          {t("audit.export")}
        </Button>
      </div>
      {checked && <Checked result={checked} />}
      {query.error && (
        <TroubleCard problem={problemOf(query.error)} acts={{ again: () => void query.refetch() }} />
      )}
      {query.data && rows.length === 0 ? (
        <p className="faint">{t(wanted ? "audit.noneFound" : "audit.none")}</p>
      ) : (
        <>
          <p className="faint" role="status">
            {t("audit.count", { count: total, n: format.number(total) })}
          </p>
          <VirtualTable
            label={t("audit.table")}
            columns={columns}
            rows={rows}
            total={total}
            rowKey={(e) => String(e.seq)}
            rowHeight={54}
            maxRows={10}
            onEnd={() => {
              if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
            }}
          />
        </>
      )}
    </section>
  );
}

const flaws = ["changed", "missing", "cut"] as const;

function Checked({ result }: { result: AuditCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const flaw = flaws.find((f) => f === result.flaw);
  return (
    <p role="status" className={flaw ? "bad" : "good"}>
      {flaw
        ? t(`audit.flaw.${flaw}`, { at: format.number(result.at) })
        : t("audit.sound", { count: result.entries, n: format.number(result.entries) })}
    </p>
  );
}
