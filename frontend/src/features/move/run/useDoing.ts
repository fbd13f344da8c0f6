import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxProgress, MoveState } from "@/api/types";
import { shortReason } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

/** What a mailbox's work is doing now, as a sentence; why and until when it waits. */
export function useDoing(): (p: MailboxProgress | undefined, state: MoveState) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (p, state) => {
      if (state === "pausing") return t("move.run.pausing");
      if (state === "queued" || !p) return t("move.run.queued");
      if (p.phase === "waiting") {
        const why = p.waitClass ? shortReason(t, p.waitClass) : t("move.run.waitUnknown");
        return p.waitUntil > 0
          ? t("move.run.waitUntil", { why, time: format.clock(p.waitUntil) })
          : t("move.run.wait", { why });
      }
      const phase = p.phase === "" || p.phase === "done" ? "connecting" : p.phase;
      if (!p.folder) return t(`move.phase.${phase}`);
      return t("move.run.doingFolder", { what: t(`move.phase.${phase}`), folder: p.folder });
    },
    [t, format],
  );
}
