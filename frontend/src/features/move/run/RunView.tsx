import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { Move } from "@/api/types";
import { PageHeader } from "@/components/PageHeader";
import { StateTag } from "@/components/StateTag";
import { TroubleCard } from "@/components/TroubleCard";
import { useMoveName } from "@/components/useMoveName";
import { Causes } from "@/features/move/run/Causes";
import { LeftList } from "@/features/move/run/LeftList";
import { MailboxDrawer } from "@/features/move/run/MailboxDrawer";
import { NextLine } from "@/features/move/run/NextLine";
import { PeopleTable } from "@/features/move/run/PeopleTable";
import { ProgressPanel } from "@/features/move/run/ProgressPanel";
import type { Filter } from "@/features/move/run/people";
import { ResultPanel } from "@/features/move/run/ResultPanel";
import { RunActions } from "@/features/move/run/RunActions";
import { Timeline } from "@/features/move/run/Timeline";
import { useBoxActs } from "@/features/move/run/useBoxActs";
import { useMoveAct } from "@/features/move/useMoveAct";
import { MoveWhen } from "@/features/move/when/MoveWhen";
import { isWorking, toneOf } from "@/lib/moves";

/** A move that was started: live while it works, the outcome when it has ended. */
export function RunView({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const name = useMoveName()(move);
  const act = useMoveAct(move);
  const boxes = useBoxActs(move);
  const [shown, setShown] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
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
      <NextLine move={move} act={act} />
      {boxes.trouble && <TroubleCard problem={boxes.trouble} acts={{ again: boxes.forget }} />}
      <Causes move={move} acts={boxes} onShow={() => setFilter("trouble")} />
      <PeopleTable move={move} acts={boxes} filter={filter} onFilter={setFilter} onOpen={setShown} />
      {(ended || move.progress.counts.leftBehind > 0) && <LeftList move={move} />}
      {move.state !== "undone" && (
        <details className="folded-card">
          <summary>
            <h2>{t("run.when")}</h2>
          </summary>
          <MoveWhen move={move} />
        </details>
      )}
      {move.state !== "undone" && (
        <p className="switch-link">
          <Link href={`/move/${move.id}/switch`} className="more">
            {t("switchover.open")}
          </Link>{" "}
          <span className="faint">{t("switchover.openNote")}</span>
        </p>
      )}
      <Timeline moveId={move.id} />
      {mailbox && <MailboxDrawer move={move} mailbox={mailbox} onClose={() => setShown("")} />}
    </div>
  );
}
