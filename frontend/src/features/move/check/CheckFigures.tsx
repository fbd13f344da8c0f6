import { useTranslation } from "react-i18next";
import type { Move, MoveEstimate } from "@/api/types";
import { Figure } from "@/components/Figure";
import { useFormat } from "@/lib/useFormat";

/** The dry run's figures, over all mailboxes. */
export function CheckFigures({ move }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sum = sumOf(move.mailboxes.flatMap((m) => (m.estimate ? [m.estimate] : [])));
  return (
    <section aria-labelledby="figures-title">
      <h2 id="figures-title" className="visually-hidden">
        {t("move.check.figures")}
      </h2>
      <dl className="figures">
        <Figure
          label={t("move.check.toCopy")}
          value={format.number(sum.toCopy)}
          note={
            sum.already > 0
              ? t("move.check.alreadyThere", { count: sum.already, n: format.number(sum.already) })
              : t("move.check.folders", { count: sum.folders, n: format.number(sum.folders) })
          }
        />
        <Figure
          label={t("move.check.size")}
          value={format.bytes(sum.toCopyBytes)}
          note={t("move.check.exact")}
        />
        <Figure
          label={t("move.check.time")}
          value={
            sum.days > 0
              ? t("move.check.days", { count: sum.days })
              : sum.seconds > 0
                ? format.duration(sum.seconds)
                : "–"
          }
          note={sum.days > 0 ? t("move.check.dailyLimit") : t("move.check.roughly")}
        />
        <Figure
          label={t("move.check.willLeave")}
          value={format.number(sum.willLeave)}
          tone={sum.willLeave > 0 ? "warn" : "calm"}
          note={sum.willLeave > 0 ? t("move.check.willLeaveNote") : t("move.check.nothingLeft")}
        />
      </dl>
    </section>
  );
}

function sumOf(estimates: MoveEstimate[]) {
  const sum = { folders: 0, already: 0, toCopy: 0, toCopyBytes: 0, willLeave: 0, seconds: 0, days: 0 };
  for (const e of estimates) {
    sum.folders += e.folders;
    sum.already += e.already;
    sum.toCopy += e.toCopy;
    sum.toCopyBytes += e.toCopyBytes;
    sum.willLeave += e.willLeave;
    sum.seconds += e.seconds;
    sum.days = Math.max(sum.days, e.days);
  }
  return sum;
}
