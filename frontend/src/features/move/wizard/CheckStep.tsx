import { Button, Skeleton } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import type { Move, Problem } from "@/api/types";
import { useMove } from "@/api/useMoves";
import { TroubleCard } from "@/components/TroubleCard";
import { CheckFigures } from "@/features/move/check/CheckFigures";
import { Planning } from "@/features/move/check/Planning";
import { readDraft, useDraft } from "@/features/move/draft";
import { useMoveAct } from "@/features/move/useMoveAct";
import { FinishLine } from "@/features/move/when/FinishLine";
import { useForecast } from "@/features/move/when/useForecast";
import { CheckTable } from "@/features/move/wizard/CheckTable";
import { planMark } from "@/features/move/wizard/keep";
import { pathOf } from "@/features/move/wizard/route";
import { StepFooter } from "@/features/move/wizard/StepFooter";
import { usePlan } from "@/features/move/wizard/usePlan";
import { WontFit } from "@/features/move/wizard/WontFit";
import { useFormat } from "@/lib/useFormat";

/** The dry run of all: amount, room, what will not fit, and how long it takes. */
export function CheckStep() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const draft = useDraft();
  const { data: move, error } = useMove(draft.moveId);
  const plan = usePlan();
  const [trouble, setTrouble] = useState<Problem>();
  const asked = useRef(false);
  const stale = draft.planned !== planMark(draft);
  const planning = move?.state === "planning";

  async function again() {
    setTrouble(undefined);
    await plan(true).catch((e) => setTrouble(problemOf(e)));
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the step is entered
  useEffect(() => {
    // What was changed since the last dry run is looked at without being asked.
    if (!move || planning || asked.current || !move.can.edit) return;
    asked.current = true;
    if (readDraft().planned !== planMark(readDraft()) || move.state === "draft") void again();
  }, [move, planning]);

  const bad = move?.mailboxes.filter((m) => m.problem).length ?? 0;
  const usable = move?.mailboxes.some((m) => m.estimate || m.self) ?? false;
  return (
    <>
      {(error || trouble) && (
        <TroubleCard problem={trouble ?? problemOf(error)} acts={{ again: () => void again() }} />
      )}
      {!move && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {move && <Found move={move} stale={stale} />}
      <StepFooter
        step="check"
        missing={bad > 0 && !planning}
        note={bad > 0 && !planning ? t("move.check.someBad", { count: bad }) : t("move.check.promise")}
        disabled={!usable || planning}
        onNext={() => go(pathOf(draft.id, "when"))}
      >
        {!planning && (
          <Button disabled={!move?.can.plan} onClick={() => void again()}>
            {t("move.check.again")}
          </Button>
        )}
      </StepFooter>
    </>
  );
}

function Found({ move, stale }: { move: Move; stale: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const act = useMoveAct(move);
  const forecast = useForecast(move.planned ? move.id : "", move.options);
  const planning = move.state === "planning";
  const seen = move.mailboxes.some((m) => m.estimate);
  const invited = move.mailboxes.filter((m) => m.self).length;
  const nobodyElse = invited === move.mailboxes.length;
  return (
    <>
      {planning && <Planning move={move} onCancel={() => void act.run((m) => m.cancel(move.id))} />}
      {!planning && invited > 0 && (
        <p className="notice">{t("invite.draft.checked", { count: invited, n: format.number(invited) })}</p>
      )}
      {!planning && !seen && !nobodyElse && <p className="notice">{t("move.check.notYet")}</p>}
      {!planning && seen && stale && <p className="notice">{t("wizard.check.stale")}</p>}
      {seen && (
        <>
          <CheckFigures move={move} />
          {!planning && <FinishLine forecast={forecast} known={move.planned} />}
          <WontFit move={move} />
        </>
      )}
      {(seen || invited > 0 || move.mailboxes.some((m) => m.problem)) && <CheckTable move={move} />}
    </>
  );
}
