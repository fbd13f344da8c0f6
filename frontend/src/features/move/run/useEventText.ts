import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { MoveEvent } from "@/api/types";
import { shortReason } from "@/components/trouble";
import type { Tone } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

const tones: Partial<Record<MoveEvent["kind"], Tone>> = {
  finished: "good",
  arrived: "good",
  online: "good",
  verified: "good",
  trouble: "bad",
  offline: "warn",
  server_away: "warn",
  slower: "warn",
  cut: "warn",
};

/** An entry of the time line as a sentence. */
export function useEventText() {
  const { t } = useTranslation();
  const format = useFormat();
  const tell = useCallback(
    (e: MoveEvent): string => {
      const { facts } = e;
      const number = (name: string) => Number(facts[name] ?? 0);
      const time = number("until") > 0 ? format.dayAndClock(number("until")) : "";
      switch (e.kind) {
        case "":
          return "";
        case "started":
          if (number("run") <= 1) return t("run.event.started");
          return t(facts.by === "schedule" ? "run.event.deltaPlanned" : "run.event.delta", {
            n: format.number(number("run") - 1),
          });
        case "finished": {
          const parts = [t("run.event.finished", { n: format.number(number("copied")) })];
          if (number("left") > 0) parts.push(t("run.event.left", { count: number("left") }));
          if (number("failed") > 0) parts.push(t("run.event.failed", { count: number("failed") }));
          return parts.join(" ");
        }
        case "arrived":
          return t(number("left") > 0 ? "run.event.arrivedLeft" : "run.event.arrived", {
            name: e.mailbox,
            n: format.number(number("copied")),
            left: format.number(number("left")),
          });
        case "trouble":
          return t("run.event.trouble", {
            name: e.mailbox,
            why: shortReason(t, facts.class || facts.code || ""),
          });
        case "slower":
          return t(time ? "run.event.slowerUntil" : "run.event.slower", {
            why: shortReason(t, facts.class || ""),
            time,
          });
        case "hours":
        case "budget":
          return t(`run.event.${e.kind}`, { time });
        case "slept":
          return t("run.event.slept", { time: format.duration(number("seconds")) });
        case "online":
          return t(facts.host ? "run.event.onlineHost" : "run.event.online", { host: facts.host ?? "" });
        case "server_away":
          return t("run.event.server_away", { host: facts.host ?? "" });
        case "watch_on":
          return t("run.event.watch_on", { n: format.number(number("hours")) });
        case "held":
        case "freed":
        case "left_out":
        case "taken_back":
          return t(`run.event.${e.kind}`, {
            name: e.mailbox || t("run.event.several", { count: number("count") }),
          });
        case "undone":
          return t("run.event.undone", {
            deleted: format.number(number("deleted")),
            kept: format.number(number("kept")),
          });
        case "password":
          return t("run.event.password", { name: e.mailbox });
        default:
          return t(`run.event.${e.kind}`);
      }
    },
    [t, format],
  );
  const toneOfEvent = useCallback(
    (e: MoveEvent): Tone =>
      e.kind === "finished" && (e.facts.left || e.facts.failed) ? "warn" : (tones[e.kind] ?? "calm"),
    [],
  );
  return { tell, toneOfEvent };
}
