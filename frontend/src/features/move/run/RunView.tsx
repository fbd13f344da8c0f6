import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { Move } from "@/api/types";
import { PageHeader } from "@/components/PageHeader";
import { StateTag } from "@/components/StateTag";
import { TroubleCard } from "@/components/TroubleCard";
import { useMoveName } from "@/components/useMoveName";
import { LeftList } from "@/features/move/run/LeftList";
import { MailboxDrawer } from "@/features/move/run/MailboxDrawer";
import { MailboxTable } from "@/features/move/run/MailboxTable";
import { ProgressPanel } from "@/features/move/run/ProgressPanel";
import { ResultPanel } from "@/features/move/run/ResultPanel";
import { RunActions } from "@/features/move/run/RunActions";
import { useMoveAct } from "@/features/move/useMoveAct";
import { isWorking, toneOf } from "@/lib/moves";

/** A move that was started: live while it works, the outcome when it has ended. */
export function RunView({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const name = useMoveName()(move);
  const act = useMoveAct(move);
  const [shown, setShown] = useState("");
  const mailbox = move.mailboxes.find((m) => m.id === shown);
  const working = isWorking(move.state);
  const ended = !working && move.state !== "paused" && move.state !== "interrupted";
  const edit = () => go(`/move/${move.id}/edit`);

  return (
    <div className="page">
      <PageHeader
        above={
          <Link href="/move" className="above">
            {t("nav.move")}
          </Link>
        }
        title={
          <>
            {name} <StateTag tone={toneOf(move.state)}>{t(`move.state.${move.state}`)}</StateTag>
          </>
        }
        lead={t(`move.run.lead.${working ? "working" : ended ? "ended" : "stopped"}`)}
        actions={<RunActions move={move} act={act} />}
      />
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      {move.problem && move.state !== "canceled" && (
        <TroubleCard
          problem={move.problem}
          acts={{
            again: move.can.goOn ? () => void act.run((m) => m.goOn(move.id), { secrets: true }) : undefined,
            fixSignIn: move.can.edit ? edit : undefined,
            fixServer: move.can.goOn
              ? () => void act.run((m) => m.goOn(move.id), { secrets: true })
              : undefined,
          }}
        />
      )}
      {ended ? <ResultPanel move={move} act={act} /> : <ProgressPanel move={move} />}
      <MailboxTable move={move} onOpen={setShown} />
      {(ended || move.progress.counts.leftBehind > 0) && <LeftList move={move} />}
      {mailbox && <MailboxDrawer move={move} mailbox={mailbox} onClose={() => setShown("")} />}
    </div>
  );
}
