import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { Move } from "@/api/types";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { useMoveName } from "@/components/useMoveName";
import { InviteButton } from "@/features/invite/InviteButton";
import { CheckFigures } from "@/features/move/check/CheckFigures";
import { CheckMailboxes } from "@/features/move/check/CheckMailboxes";
import { FolderMap } from "@/features/move/check/FolderMap";
import { MoveOptionsForm } from "@/features/move/check/MoveOptionsForm";
import { Planning } from "@/features/move/check/Planning";
import { RemoveMove } from "@/features/move/RemoveMove";
import { useMoveAct } from "@/features/move/useMoveAct";
import { MoveWhen } from "@/features/move/when/MoveWhen";

/** Before the start: what the dry run found, the folder map, and the button. */
export function CheckView({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const name = useMoveName()(move);
  const act = useMoveAct(move);
  const [chosen, setChosen] = useState("");
  const firstBad = move.mailboxes.find((m) => m.problem);
  const mailbox = move.mailboxes.find((m) => m.id === chosen) ?? firstBad ?? move.mailboxes[0];
  const bad = move.mailboxes.filter((m) => m.problem).length;
  const planning = move.state === "planning";
  const edit = () => go(`/move/${move.id}/edit`);

  return (
    <div className="page">
      <PageHeader
        above={
          <Link href="/move" className="above">
            {t("nav.move")}
          </Link>
        }
        title={name}
        lead={t(planning ? "move.check.leadPlanning" : "move.check.lead")}
        actions={
          <>
            <InviteButton move={move} />
            <RemoveMove move={move} />
          </>
        }
      />
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      {move.problem && <TroubleCard problem={move.problem} acts={{ fixSignIn: edit, fixServer: edit }} />}
      {planning && <Planning move={move} onCancel={() => void act.run((m) => m.cancel(move.id))} />}
      {!planning && !move.planned && <p className="notice">{t("move.check.notYet")}</p>}
      {!planning && move.planned && (
        <>
          <CheckFigures move={move} />
          <div className={move.mailboxes.length > 1 ? "split" : undefined}>
            {move.mailboxes.length > 1 && (
              <CheckMailboxes move={move} chosen={mailbox?.id ?? ""} onChoose={setChosen} />
            )}
            {mailbox && <FolderMap key={mailbox.id} move={move} mailbox={mailbox} onFix={edit} />}
          </div>
          <MoveOptionsForm move={move} />
          <MoveWhen move={move} />
        </>
      )}
      <div className="page-footer">
        <Button disabled={!move.can.edit} onClick={edit}>
          {t("move.check.change")}
        </Button>
        <span className="faint grow">
          {bad > 0 && !planning ? t("move.check.someBad", { count: bad }) : t("move.check.promise")}
        </span>
        {!planning && (
          <Button
            disabled={!move.can.plan}
            onClick={() => void act.run((m) => m.plan(move.id), { secrets: true })}
          >
            {t("move.check.again")}
          </Button>
        )}
        <Button
          type="primary"
          disabled={!move.can.start}
          loading={act.busy}
          onClick={() => void act.run((m) => m.start(move.id), { secrets: true })}
        >
          {t("move.check.start")}
        </Button>
      </div>
    </div>
  );
}
