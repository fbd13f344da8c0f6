import { CheckCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { CertificateButtons } from "@/features/move/run/CertificateButtons";
import { Sum } from "@/features/move/run/Sum";
import { UndoDialog } from "@/features/move/run/UndoDialog";
import { VerifyButton } from "@/features/move/run/VerifyButton";
import type { useMoveAct } from "@/features/move/useMoveAct";
import { toneOf } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  act: ReturnType<typeof useMoveAct>;
}

const icons = {
  good: <CheckCircleFilled aria-hidden />,
  warn: <ExclamationCircleFilled aria-hidden />,
  bad: <ExclamationCircleFilled aria-hidden />,
  calm: <InfoCircleFilled aria-hidden />,
  busy: <InfoCircleFilled aria-hidden />,
};

/** How it ended, in one sentence and one sum; then what can be done with it. */
export function ResultPanel({ move, act }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [undoing, setUndoing] = useState(false);
  const { counts } = move.progress;
  const tone = toneOf(move.state);
  const state =
    move.state === "done" ||
    move.state === "left_behind" ||
    move.state === "failed" ||
    move.state === "undone"
      ? move.state
      : "canceled";
  const seconds = move.ended > move.started ? (move.ended - move.started) / 1000 : 0;
  return (
    <section className={`card result result-${tone}`} aria-labelledby="result-title">
      <div className="result-head">
        <span className="result-icon" aria-hidden>
          {icons[tone]}
        </span>
        <div className="grow">
          <h2 id="result-title">
            {t(`move.result.title.${state}`, {
              count: counts.leftBehind,
              n: format.number(counts.leftBehind),
            })}
          </h2>
          <p>{t(`move.result.text.${state}`)}</p>
          <UndoTold move={move} />
          <p>
            <Proof move={move} />
          </p>
          {seconds > 0 && (
            <p className="faint">
              {t("move.result.took", {
                size: format.bytes(move.progress.bytesDone),
                time: format.duration(seconds),
                when: format.moment(move.ended),
              })}
            </p>
          )}
        </div>
      </div>
      <Sum counts={counts} />
      <div className="row wrap">
        {move.can.certificate && <CertificateButtons move={move} />}
        {move.can.verify && <VerifyButton move={move} act={act} />}
        {move.can.retry && (
          <Button onClick={() => void act.run((m) => m.retry(move.id), { secrets: true })}>
            {t("move.result.retry")}
          </Button>
        )}
        {move.can.start && (
          <Button onClick={() => void act.run((m) => m.start(move.id), { secrets: true })}>
            {t(state === "undone" ? "move.result.again" : "move.result.delta")}
          </Button>
        )}
        <span className="grow" />
        {move.can.undo && (
          <Button type="text" danger onClick={() => setUndoing(true)}>
            {t("move.result.undo")}
          </Button>
        )}
      </div>
      {undoing && <UndoDialog move={move} act={act} onClose={() => setUndoing(false)} />}
    </section>
  );
}

/** What an undo came to, of one person or of all. */
function UndoTold({ move: { undid } }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!undid) return null;
  return (
    <p role="status">
      {t("undo.did", { deleted: format.number(undid.deleted) })}{" "}
      {undid.kept > 0 && t("undo.didKept", { kept: format.number(undid.kept) })}
    </p>
  );
}

/** What the comparison of both sides found. */
function Proof({ move }: { move: Move }) {
  const { t } = useTranslation();
  const differences = move.mailboxes.reduce((sum, m) => sum + m.differences, 0);
  if (move.state === "undone" || move.state === "canceled") return null;
  if (differences > 0)
    return <strong className="bad">{t("move.result.differences", { count: differences })}</strong>;
  const levels = new Set(move.mailboxes.map((m) => m.verified));
  const [level] = levels;
  if (levels.size !== 1 || !level || level === "none") return <>{t("move.result.notVerified")}</>;
  return <>{t(`move.result.verified.${level}`)}</>;
}
