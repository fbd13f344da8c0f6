import { EyeOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select, Skeleton } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { ChecksField } from "@/features/doctor/monitor/ChecksField";
import { WatchCard } from "@/features/doctor/monitor/WatchCard";
import { recall, remember } from "@/lib/memory";

export const watchKey = ["monitor"] as const;
const minutes = [15, 60, 360, 1440] as const;

/** Domains that are looked at on schedule. */
export function MonitorPage() {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const watches = useQuery({ queryKey: watchKey, queryFn: () => client.monitor.list() });
  useEffect(
    () => client.on("monitor:told", () => void cache.invalidateQueries({ queryKey: watchKey })),
    [client, cache],
  );
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("monitor.title")}</h2>
        <p className="lead">{t("monitor.lead")}</p>
      </div>
      <AddForm onAdded={() => void cache.invalidateQueries({ queryKey: watchKey })} />
      {watches.isPending && <Skeleton active />}
      {watches.error && <TroubleCard problem={problemOf(watches.error)} />}
      {watches.data && watches.data.length > 0 && (
        <ul className="watches" aria-label={t("monitor.list")}>
          {watches.data.map((w) => (
            <WatchCard key={w.id} watch={w} />
          ))}
        </ul>
      )}
      {watches.data?.length === 0 && (
        <EmptyState icon={<EyeOutlined />} title={t("monitor.empty.title")}>
          <p>{t("monitor.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}

function AddForm({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const [domain, setDomain] = useState(recall<string>("monitor-domain") ?? "");
  const [every, setEvery] = useState<number>(60);
  const [only, setOnly] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();

  function add() {
    if (!domain.trim()) return;
    setBusy(true);
    setTrouble(undefined);
    client.monitor
      .save({ id: "", domain: domain.trim(), only, minutes: every, on: true, next: 0 })
      .then(
        () => {
          setDomain("");
          remember("monitor-domain", "");
          onAdded();
        },
        (e: unknown) => setTrouble(problemOf(e)),
      )
      .finally(() => setBusy(false));
  }
  return (
    <form
      className="card"
      aria-label={t("monitor.add")}
      onSubmit={(e) => {
        e.preventDefault();
        add();
      }}
    >
      <div className="exam-line">
        <div className="field grow">
          <label htmlFor={`${id}-d`}>{t("monitor.domain")}</label>
          <Input
            id={`${id}-d`}
            value={domain}
            placeholder={t("examine.placeholder")}
            spellCheck={false}
            onChange={(e) => setDomain(e.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-e`}>{t("monitor.every")}</label>
          <Select
            id={`${id}-e`}
            className="every"
            value={every}
            options={minutes.map((m) => ({ value: m, label: t(`monitor.minutes.${m}`) }))}
            onChange={setEvery}
          />
        </div>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("monitor.add")}
        </Button>
      </div>
      <ChecksField value={only} onChange={setOnly} />
      {trouble && <TroubleCard problem={trouble} />}
    </form>
  );
}
