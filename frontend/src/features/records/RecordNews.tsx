import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { RecordNews as News } from "@/api/records";
import { officeTitle } from "@/components/office/officeTitle";
import { useFormat } from "@/lib/useFormat";

/** Tells on any page that a month's report was made, and that months are to be archived. */
export function RecordNews() {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const { notification } = App.useApp();
  const { month } = useFormat();
  const now = useRef({ t, go, month });
  now.current = { t, go, month };
  useEffect(() => {
    function show(n: News) {
      const { t, month } = now.current;
      const office = officeTitle(t, n);
      const first = month(n.months[0] ?? "");
      const last = month(n.months.at(-1) ?? "");
      const path =
        n.kind === "report" ? "/records/stats" : n.folder ? "/records/archive/now" : "/records/archive";
      const title =
        n.kind === "report"
          ? t("recordsPage.news.report", { office, month: first })
          : t("recordsPage.news.archive", { office, count: n.months.length, from: first, to: last });
      const text =
        n.kind === "report"
          ? t("recordsPage.news.reportText")
          : n.changed.length > 0
            ? t("recordsPage.news.changed", { months: n.changed.map(month).join(t("list.comma")) })
            : t("recordsPage.news.archiveText");
      const key = `records-${n.kind}-${n.officeId}`;
      const act = n.kind === "report" ? "look" : n.folder ? "archive" : "choose";
      notification[n.kind === "report" ? "success" : "warning"]({
        key,
        title,
        description: text,
        placement: "bottomRight",
        duration: n.kind === "report" ? 12 : 0,
        actions: (
          <Button
            size="small"
            type="primary"
            onClick={() => {
              notification.destroy(key);
              void client.offices
                .setCurrent(n.officeId)
                .catch(() => undefined)
                .then(() => now.current.go(path));
            }}
          >
            {t(`recordsPage.news.act.${act}`)}
          </Button>
        ),
      });
      // The computer's own notice reaches a person whose window is hidden.
      if (!document.hasFocus()) client.app.notify(title, text.slice(0, 200)).catch(() => undefined);
      void cache.invalidateQueries({ queryKey: keys.recordsOf(n.officeId) });
    }
    const ask = () =>
      client.recordReports.news().then(
        (all) => all.forEach(show),
        () => undefined, // the program may still be opening its data; the next word brings it
      );
    void ask();
    const stops = [client.on("records:news", () => void ask()), client.on("app:ready", () => void ask())];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, cache, notification]);
  return null;
}
