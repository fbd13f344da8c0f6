import { ClusterOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Select } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { AssistRequest, AssistTable } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { HostCard } from "@/features/doctor/dns/HostCard";
import { RecordTable } from "@/features/doctor/dns/RecordTable";
import { pathOf } from "@/features/doctor/places";
import { useProviderChoices } from "@/features/doctor/useProviderChoices";
import { recall, remember } from "@/lib/memory";

const empty: AssistRequest = {
  domain: "",
  provider: "",
  leaving: "",
  switching: false,
  raise: false,
  resolver: "",
};

/** What stands in the DNS and what should, record by record; watches until it is green. */
export function DNSPage() {
  const { t } = useTranslation();
  const client = useClient();
  const [request, setRequest] = useState<AssistRequest>(() => ({
    ...(recall<AssistRequest>("dns-request") ?? empty),
    ...(recall<string>("dns-domain") ? { domain: recall<string>("dns-domain") ?? "" } : {}),
  }));
  const [table, setTable] = useState<AssistTable | undefined>(() => recall("dns-table"));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const watch = useWatch(request, (news) => show(news));

  function show(next: AssistTable) {
    remember("dns-table", next);
    setTable(next);
  }
  function change(part: Partial<AssistRequest>) {
    const next = { ...request, ...part };
    remember("dns-request", next);
    remember("dns-domain", "");
    setRequest(next);
  }
  function look() {
    if (!request.domain.trim()) return;
    setBusy(true);
    setTrouble(undefined);
    client.exams
      .assist("doctor-dns", request)
      .then(show, (e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(false));
  }
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("assistant.title")}</h2>
        <p className="lead">{t("assistant.lead")}</p>
      </div>
      <AssistForm request={request} change={change} onLook={look} busy={busy} />
      {trouble && <TroubleCard problem={trouble} acts={{ again: look }} />}
      {table && (
        <RecordTable
          table={table}
          actions={
            <>
              <Button onClick={look} loading={busy}>
                {t("examine.again")}
              </Button>
              {!table.green &&
                (watch.on ? (
                  <Button onClick={watch.stop}>{t("assistant.unwatch")}</Button>
                ) : (
                  <Button type="primary" onClick={watch.start}>
                    {t("assistant.watch")}
                  </Button>
                ))}
            </>
          }
          watching={watch.on}
        />
      )}
      {table && <HostCard host={table.dnsHost} />}
      {!table && !trouble && !busy && (
        <EmptyState icon={<ClusterOutlined />} title={t("assistant.empty.title")}>
          <p>{t("assistant.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}

/** Looks again until everything stands; that it does is told on any page. */
function useWatch(request: AssistRequest, onNews: (table: AssistTable) => void) {
  const client = useClient();
  const [id, setID] = useState<string>(() => recall("dns-watch") ?? "");
  useEffect(
    () =>
      client.on("assist:changed", (e) => {
        if (e.id !== id) return;
        onNews(e.table);
        if (!e.over) return;
        remember("dns-watch", "");
        setID("");
      }),
    [client, id, onNews],
  );
  return {
    on: id !== "",
    start: () =>
      void client.exams.watch(request).then(
        (next) => {
          remember("dns-watch", next);
          setID(next);
        },
        () => undefined,
      ),
    stop: () => {
      void client.exams.unwatch(id).catch(() => undefined);
      remember("dns-watch", "");
      setID("");
    },
  };
}

interface FormProps {
  request: AssistRequest;
  change: (part: Partial<AssistRequest>) => void;
  onLook: () => void;
  busy: boolean;
}

function AssistForm({ request, change, onLook, busy }: FormProps) {
  const { t } = useTranslation();
  const id = useId();
  const choices = useProviderChoices();
  return (
    <form
      className="card no-print"
      aria-label={t("doctorPage.section.dns")}
      onSubmit={(e) => {
        e.preventDefault();
        onLook();
      }}
    >
      <div className="field-grid">
        <div className="field">
          <label htmlFor={`${id}-d`}>{t("assistant.domain")}</label>
          <Input
            id={`${id}-d`}
            value={request.domain}
            placeholder={t("examine.placeholder")}
            spellCheck={false}
            onChange={(e) => change({ domain: e.target.value })}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-p`}>{t("assistant.provider")}</label>
          <Select
            id={`${id}-p`}
            showSearch={{ optionFilterProp: "label" }}
            value={request.provider}
            options={[{ value: "", label: t("examine.providerAuto") }, ...choices]}
            onChange={(provider) => change({ provider })}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-l`}>{t("assistant.leaving")}</label>
          <Select
            id={`${id}-l`}
            showSearch={{ optionFilterProp: "label" }}
            value={request.leaving}
            options={[{ value: "", label: t("assistant.none") }, ...choices]}
            onChange={(leaving) => change({ leaving, switching: leaving !== "" })}
          />
        </div>
      </div>
      <div>
        <Checkbox checked={request.raise} onChange={(e) => change({ raise: e.target.checked })}>
          {t("assistant.raise")}
        </Checkbox>
        <p className="faint">{t("assistant.raiseText")}</p>
        <Link href={pathOf("reports")}>{t("dmarcReports.link")}</Link>
      </div>
      <div>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("assistant.look")}
        </Button>
      </div>
    </form>
  );
}
