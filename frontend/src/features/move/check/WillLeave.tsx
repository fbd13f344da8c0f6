import { useTranslation } from "react-i18next";
import type { MoveEstimate } from "@/api/types";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

/** What the destination will not take, and other warnings of the dry run. */
export function WillLeave({ estimate: e }: { estimate: MoveEstimate }) {
  const { t } = useTranslation();
  const format = useFormat();
  const full = e.roomFree >= 0 && e.roomNeeded > e.roomFree;
  if (e.willLeave === 0 && !full && e.warnings.length === 0) return null;
  return (
    <div className="notice">
      {e.willLeave > 0 && (
        <p>
          {e.maxMessage > 0
            ? t("move.check.tooBig", {
                count: e.willLeave,
                n: format.number(e.willLeave),
                limit: format.bytes(e.maxMessage),
              })
            : t("move.check.wontFit", { count: e.willLeave, n: format.number(e.willLeave) })}
        </p>
      )}
      {full && (
        <p>
          {t("move.check.noRoom", { needed: format.bytes(e.roomNeeded), free: format.bytes(e.roomFree) })}
        </p>
      )}
      {e.warnings.map((w) => (
        <p key={`${w.folder} ${w.problem.code} ${w.problem.class}`}>
          {w.folder && <strong>{w.folder} </strong>}
          {troubleText(t, w.problem).what} {troubleText(t, w.problem).todo}
        </p>
      ))}
    </div>
  );
}
