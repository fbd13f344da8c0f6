import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { RecordNews as News } from "@/api/records";
import { useNewsText } from "@/features/records/useNewsText";

/**
 * Tells on any page that a month's report was made, that months are to be archived, and
 * that something grave was found in the records.
 */
export function RecordNews() {
  const client = useClient();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const { notification } = App.useApp();
  const { t } = useTranslation();
  const tell = useNewsText();
  const now = useRef({ t, go, tell });
  now.current = { t, go, tell };
  useEffect(() => {
    function show(n: News) {
      const { title, text, acts } = now.current.tell(n);
      // Each finding keeps its notice; a newer report or reminder takes the place of the older one.
      const key = `records-${n.kind}-${n.officeId}-${n.unusual[0]?.id ?? ""}`;
      const follow = (path: string) => {
        notification.destroy(key);
        void client.offices
          .setCurrent(n.officeId)
          .catch(() => undefined)
          .then(() => now.current.go(path));
      };
      notification[n.kind === "report" ? "success" : "warning"]({
        key,
        title,
        description: text,
        placement: "bottomRight",
        duration: n.kind === "report" ? 12 : 0,
        actions: acts.map(({ act, path }, i) => (
          <Button
            key={act}
            size="small"
            type={i === acts.length - 1 ? "primary" : "default"}
            onClick={() => follow(path)}
          >
            {now.current.t(`recordsPage.news.act.${act}`)}
          </Button>
        )),
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
