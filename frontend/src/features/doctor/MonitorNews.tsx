import { App } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { checkName } from "@/features/doctor/monitor/WatchCard";
import { remember } from "@/lib/memory";
import { useText } from "@/lib/useText";

/** Tells on any page what changed at a watched domain, and that all records stand. */
export function MonitorNews() {
  const { t } = useTranslation();
  const text = useText();
  const client = useClient();
  const { notification } = App.useApp();
  useEffect(
    () =>
      client.on("monitor:told", ({ watchId, changes }) => {
        const first = changes[0];
        if (!first) return;
        const title =
          changes.length === 1
            ? t("monitor.news", {
                domain: first.domain,
                check: checkName(text, first.check),
                to: text(`examine.verdict.${first.to}`),
              })
            : t("monitor.more", { domain: first.domain, count: changes.length });
        const show = changes.some((c) => c.worse) ? notification.warning : notification.success;
        show({ key: `monitor-${watchId}`, title, duration: 0 });
        // The computer's own notice reaches a person whose window is hidden.
        client.app.notify(title, t("nav.doctor")).catch(() => undefined);
      }),
    [client, notification, t, text],
  );
  useEffect(
    () =>
      client.on("assist:changed", ({ over, table }) => {
        if (!over) return;
        remember("dns-watch", "");
        if (!table.green) return;
        const title = t("assistant.greenNews", { domain: table.shown });
        notification.success({ key: `green-${table.domain}`, title, duration: 0 });
        client.app.notify(title, t("nav.doctor")).catch(() => undefined);
      }),
    [client, notification, t],
  );
  return null;
}
