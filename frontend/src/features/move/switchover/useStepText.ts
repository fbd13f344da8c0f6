import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { SwitchStep } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

/** What a step's state means, as a sentence. */
export function useStepText(): (step: SwitchStep) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (step) => {
      const { facts } = step;
      const why = facts.why ?? "";
      const time = (name: string) => {
        const at = Number(facts[name] ?? 0);
        return at > 0 ? format.dayAndClock(at) : "";
      };
      const numbers = {
        ready: facts.ready ?? "",
        people: facts.people ?? "",
        told: facts.told ?? "",
        asked: facts.asked ?? "",
        ttl: format.duration(Number(facts.ttl ?? 0)),
        usual: format.duration(Number(facts.usual ?? 0)),
        until: time("until"),
        last: time("last"),
        left: format.number(Number(facts.left ?? 0)),
      };
      switch (step.state) {
        case "unknown":
          return t("switchover.unread");
        case "blocked":
          return t("switchover.blockedBy", {
            steps: why
              .split(",")
              .filter(Boolean)
              .map((id) => t(`switchover.step.${id as SwitchStep["id"]}.name`))
              .join(t("list.join")),
          });
        case "danger":
          return t(why === "mixed" ? "switchover.danger.mixed" : "switchover.danger.before_full_run");
        case "done":
          return t(`switchover.step.${step.id}.done`, numbers);
        case "wait":
          if (step.id === "after") return t(`switchover.afterWait.${why as "too_soon"}`, numbers);
          return t(`switchover.wait.${step.id as "ttl"}`, numbers);
        default:
          if (step.id === "after" && why === "no_watch") return t("switchover.afterWait.no_watch");
          if (step.id === "spf" && why === "several") return t("switchover.severalSPF");
          return t(`switchover.step.${step.id}.todo`, numbers);
      }
    },
    [t, format],
  );
}
