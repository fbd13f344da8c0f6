import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";
import { useMove } from "@/api/useMoves";
import { TroubleCard } from "@/components/TroubleCard";
import { emptyDraft, setDraft, useDraft } from "@/features/move/draft";
import { InviteButton } from "@/features/move/invite/InviteButton";
import { useMoveAct } from "@/features/move/useMoveAct";
import { MoveWhen } from "@/features/move/when/MoveWhen";
import { whenWrong } from "@/features/move/when/when";
import { optionsKept } from "@/features/move/wizard/keepOptions";
import { StepFooter } from "@/features/move/wizard/StepFooter";

/** When it moves, and the button that starts it. */
export function TimeStep() {
  const draft = useDraft();
  const { data: move } = useMove(draft.moveId);
  return move ? <Time move={move} /> : null;
}

function Time({ move }: { move: Move }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const draft = useDraft();
  const act = useMoveAct(move);
  const wrong = whenWrong(move.options.schedule);
  const bad = move.mailboxes.filter((m) => m.problem).length;

  async function start() {
    const begin = (m: Client["moves"]) => optionsKept().then(() => m.start(move.id));
    if (!(await act.run(begin, { secrets: true }))) return;
    const { id } = draft;
    setDraft(emptyDraft());
    go(`/move/${move.id}`);
    await client.drafts.remove(id).catch(() => undefined);
    void cache.invalidateQueries({ queryKey: keys.drafts });
  }
  return (
    <>
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      <MoveWhen move={move} />
      <StepFooter
        step="when"
        missing={bad > 0}
        note={bad > 0 ? t("move.check.someBad", { count: bad }) : t("move.check.promise")}
        nextLabel={t(move.options.schedule.mode === "now" ? "move.check.start" : "wizard.startPlanned")}
        busy={act.busy}
        disabled={!move.can.start || wrong !== undefined}
        onNext={() => void start()}
      >
        <InviteButton move={move} />
      </StepFooter>
    </>
  );
}
