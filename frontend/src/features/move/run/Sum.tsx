import { useTranslation } from "react-i18next";
import type { Counts } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

const parts = ["copied", "alreadyThere", "excluded", "leftBehind", "pending"] as const;

/** The sum that proves that nothing was dropped: all = copied + there + excluded + left behind. */
export function Sum({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = parts.filter((p) => p !== "pending" || counts.pending > 0);
  return (
    <dl className="sum">
      <div className="sum-all">
        <dt>{t("move.sum.messages")}</dt>
        <dd className="tabular">{format.number(counts.messages)}</dd>
      </div>
      {shown.map((part, i) => (
        <div key={part} className={part === "leftBehind" && counts.leftBehind > 0 ? "sum-warn" : undefined}>
          <dt>{t(`move.sum.${part}`)}</dt>
          <dd className="tabular">
            <span className="sum-sign" aria-hidden>
              {i === 0 ? "=" : "+"}
            </span>
            {format.number(counts[part])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
