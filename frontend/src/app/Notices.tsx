import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Move, MoveEvent } from "@/api/types";
import { useMoveName } from "@/components/useMoveName";
import { useEventText } from "@/features/move/run/useEventText";

/** About trouble of the same move people are told at most this often. */
const quiet = 5 * 60_000;

/**
 * Tells when a move ends or needs a person: by the computer while the window is
 * not looked at, else in the window; not at all on the move's own page.
 */
export function Notices() {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { notification } = App.useApp();
  const [location, go] = useLocation();
  const name = useMoveName();
  const { tell } = useEventText();
  const last = useRef(new Map<string, number>());
  const now = useRef({ location, name, tell, t });
  now.current = { location, name, tell, t };

  // Whoever is there already need not be called.
  useEffect(() => notification.destroy(location), [notification, location]);

  useEffect(() => {
    function show(title: string, text: string, path: string, bad: boolean) {
      notification[bad ? "warning" : "success"]({
        key: path,
        title,
        description: text,
        placement: "bottomRight",
        duration: bad ? 0 : 8,
        actions: (
          <Button
            size="small"
            type="primary"
            onClick={() => {
              notification.destroy(path);
              go(path);
            }}
          >
            {now.current.t("run.notice.look")}
          </Button>
        ),
      });
    }
    return client.on("move:told", (e) => {
      const kind = weight(e);
      if (!kind) return;
      const path = `/move/${e.moveId}`;
      if (document.hasFocus() && now.current.location === path) return;
      const at = Date.now();
      if (kind === "needs" && at - (last.current.get(e.moveId) ?? -quiet) < quiet) return;
      if (kind === "needs") last.current.set(e.moveId, at);
      const move = cache.getQueryData<Move[]>(keys.moveList)?.find((m) => m.id === e.moveId);
      const title = now.current.t(`run.notice.${kind}`);
      const text = [move ? now.current.name(move) : "", now.current.tell(e)].filter(Boolean).join(" · ");
      const inWindow = () => show(title, text, path, kind !== "finished");
      if (document.hasFocus()) inWindow();
      else client.app.notify(title, text.slice(0, 300)).catch(inWindow);
    });
  }, [client, cache, notification, go]);
  return null;
}

/** What an entry of the time line is worth: the end, a poor end, or a call for help. */
function weight(e: MoveEvent): "finished" | "partly" | "needs" | undefined {
  if (e.kind === "trouble") return "needs";
  if (e.kind === "slower" && e.facts.class === "vault-locked") return "needs";
  if (e.kind !== "finished") return undefined;
  if (e.facts.failed || e.facts.left) return "partly";
  // A run for new mail that nobody asked for is no news.
  return e.facts.by === "schedule" ? undefined : "finished";
}
