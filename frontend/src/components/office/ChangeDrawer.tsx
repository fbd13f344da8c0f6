import { useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Skeleton } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { ChangePlan, ChangeRun } from "@/api/offices";
import type { Problem } from "@/api/types";
import type { Proposal } from "@/components/office/ChangesContext";
import { PlanView } from "@/components/office/PlanView";
import { RunView } from "@/components/office/RunView";
import { useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { TroubleCard } from "@/components/TroubleCard";
import { useLostFocus } from "@/components/useLostFocus";
import { useOpenVault } from "@/components/vault/VaultGate";

interface Props {
  proposal: Proposal;
  provider: string;
  onClose: () => void;
  onUndo: (run: ChangeRun) => void;
}

/** What will be done; when the person agrees, its progress and what became of each step. */
export function ChangeDrawer({ proposal, provider, onClose, onUndo }: Props) {
  const say = useOfficeTrouble();
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const [plan, setPlan] = useState<ChangePlan | null>(null);
  const [run, setRun] = useState<ChangeRun | null>(proposal.run ?? null);
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(0);
  const [anyway, setAnyway] = useState(false);
  const seen = proposal.run !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again only when asked is counted up
  useEffect(() => {
    if (seen) return;
    const id = crypto.randomUUID();
    let over = false;
    setTrouble(null);
    setPlan(null);
    (anyway && proposal.anyway ? proposal.anyway : proposal.preview)(id)
      .then((p) => {
        if (!over) setPlan(p);
      })
      .catch((e: unknown) => {
        if (!over) setTrouble(problemOf(e));
      });
    return () => {
      over = true;
      void client.app.cancel(id).catch(() => undefined);
    };
  }, [client, proposal, asked, anyway, seen]);

  // After a restart the keys may have to be opened first.
  async function again(why: Problem) {
    if (why.class !== "vault-locked" || (await openVault())) setAsked((n) => n + 1);
  }
  const apply = useCallback(
    async (typed: string) => {
      if (!plan) return;
      try {
        const begun = await client.changes.apply(plan.id, typed);
        cache.setQueryData<ChangeRun>(keys.run(begun.id), (known) =>
          known && known.seq > begun.seq ? known : begun,
        );
        setRun(begun);
      } catch (e) {
        setTrouble(problemOf(e));
      }
    },
    [client, cache, plan],
  );
  const box = useLostFocus<HTMLDivElement>(run ? "run" : plan ? "plan" : trouble ? "trouble" : "reading");
  return (
    <Drawer
      open
      size={760}
      title={t(run ? "change.results" : proposal.undo ? "change.undoTitle" : "change.title")}
      onClose={onClose}
      className="change-drawer"
    >
      <div ref={box} tabIndex={-1} className="takes-focus">
        {trouble && !run && (
          <TroubleCard
            problem={trouble}
            text={say(trouble)}
            acts={{ again: () => void again(trouble) }}
            actLabel={t("change.again")}
          />
        )}
        {!run && !plan && !trouble && (
          <div role="status">
            <p>{t("change.reading")}</p>
            <Skeleton active paragraph={{ rows: 4 }} title={false} />
            <Button onClick={onClose}>{t("change.stopReading")}</Button>
          </div>
        )}
        {!run && plan && (
          <PlanView
            plan={plan}
            provider={provider}
            onApply={apply}
            onAnyway={proposal.anyway && !anyway ? () => setAnyway(true) : undefined}
            onCancel={onClose}
          />
        )}
        {run && (
          <RunView
            begun={run}
            plan={plan?.id ?? ""}
            provider={provider}
            onClose={onClose}
            onUndo={onUndo}
            onDone={proposal.onDone}
          />
        )}
      </div>
    </Drawer>
  );
}
