import { Button, Spin } from "antd";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { ThinBar } from "@/components/ThinBar";
import { useFormat } from "@/lib/useFormat";

/** While the dry run looks at both sides. */
export function Planning({ move, onCancel }: { move: Move; onCancel: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const all = move.mailboxes.length;
  const done = move.mailboxes.filter((m) => m.estimate || m.problem || m.progress.phase === "done").length;
  return (
    <section className="card center" role="status">
      <Spin />
      <p>{t("move.check.planning", { done: format.number(done), all: format.number(all) })}</p>
      <ThinBar label={t("move.check.planningBar")} done={done} all={all} open={all === 1} />
      <p className="faint">{t("move.check.planningNote")}</p>
      <Button disabled={!move.can.cancel} onClick={onCancel}>
        {t("move.check.stop")}
      </Button>
    </section>
  );
}
