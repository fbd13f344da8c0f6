import { SafetyCertificateOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Select, Skeleton } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { UnusualThing } from "@/api/records";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { Thresholds } from "@/features/records/unusual/Thresholds";
import { grave, UnusualCard } from "@/features/records/unusual/UnusualCard";

const spans = [7, 30, 90, 365] as const;
const portion = 30;

type Order = "grave" | "new";
const orders: Record<Order, (a: UnusualThing, b: UnusualThing) => number> = {
  grave: (a, b) => Number(grave.has(b.rule)) - Number(grave.has(a.rule)) || b.at - a.at,
  new: (a, b) => b.at - a.at,
};

/** What is unusual in the records, by rules that are shown and can be set. */
export function UnusualPage({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [days, setDays] = useState<number>(30);
  const [withDismissed, setWithDismissed] = useState(false);
  const [shown, setShown] = useState(portion);
  const [order, setOrder] = useState<Order>("grave");
  const { data, error, isFetching } = useQuery({
    queryKey: keys.unusual(office.id, days),
    queryFn: ({ signal }) => {
      const id = crypto.randomUUID();
      signal.addEventListener("abort", () => void client.app.cancel(id).catch(() => undefined));
      return client.recordJudgement.findings(id, office.id, days);
    },
  });
  // Whoever opens the page has seen what they were told of; what comes later is told anew.
  const here = useRef(false);
  useEffect(() => {
    if (!data || here.current) return;
    here.current = true;
    client.recordJudgement.looked(office.id).then(
      () => cache.invalidateQueries({ queryKey: keys.alarms(office.id) }),
      () => undefined, // the start page goes on asking
    );
  }, [data, client, cache, office.id]);
  const found = (data?.filter((f) => withDismissed || !f.dismissed) ?? []).sort(orders[order]);
  const dismissed = data?.filter((f) => f.dismissed).length ?? 0;

  function dismiss(f: UnusualThing, on: boolean) {
    cache.setQueryData<UnusualThing[]>(keys.unusual(office.id, days), (all) =>
      all?.map((one) => (one.id === f.id ? { ...one, dismissed: on } : one)),
    );
    client.recordJudgement.dismiss(office.id, f.id, on).then(
      () => {
        if (!on) return;
        const key = `dismissed-${f.id}`;
        void message.open({
          key,
          type: "info",
          duration: 8,
          content: (
            <>
              {t("recordsPage.unusual.dismissed")}{" "}
              <button
                type="button"
                className="link"
                onClick={() => {
                  message.destroy(key);
                  dismiss(f, false);
                }}
              >
                {t("recordsPage.unusual.undo")}
              </button>
            </>
          ),
        });
      },
      (e: unknown) => {
        void message.error(troubleText(t, problemOf(e)).what);
        void cache.invalidateQueries({ queryKey: keys.unusual(office.id, days) });
      },
    );
  }
  return (
    <section className="stack" aria-label={t("recordsPage.section.unusual")}>
      <div className="row wrap">
        <Select
          aria-label={t("recordsPage.unusual.span")}
          className="span-select"
          value={days}
          options={spans.map((d) => ({ value: d, label: t("recordsPage.unusual.days", { count: d }) }))}
          onChange={setDays}
        />
        <Select<Order>
          aria-label={t("recordsPage.unusual.sort")}
          className="span-select"
          value={order}
          options={(["grave", "new"] as const).map((o) => ({
            value: o,
            label: t(`recordsPage.unusual.sorts.${o}`),
          }))}
          onChange={setOrder}
        />
        {dismissed > 0 && (
          <Checkbox checked={withDismissed} onChange={(e) => setWithDismissed(e.target.checked)}>
            {t("recordsPage.unusual.withDismissed", { count: dismissed })}
          </Checkbox>
        )}
        <span className="faint" role="status">
          {data && !isFetching && t("recordsPage.unusual.count", { count: found.length })}
        </span>
      </div>
      <Thresholds office={office} />
      {error && <TroubleCard problem={problemOf(error)} />}
      {!data && !error && <Skeleton active />}
      {data && found.length === 0 && (
        <EmptyState icon={<SafetyCertificateOutlined aria-hidden />} title={t("recordsPage.unusual.none")}>
          <p>{t("recordsPage.unusual.noneText")}</p>
        </EmptyState>
      )}
      <ul className="stack">
        {found.slice(0, shown).map((f) => (
          <UnusualCard key={f.id} office={office} thing={f} onDismiss={(on) => dismiss(f, on)} />
        ))}
      </ul>
      {found.length > shown && (
        <div className="row">
          <Button onClick={() => setShown(shown + portion)}>{t("recordsPage.unusual.more")}</Button>
        </div>
      )}
    </section>
  );
}
