import type { TFunction } from "i18next";
import { memo } from "react";
import type { MailboxMove, MoveState } from "@/api/types";
import { StateTag } from "@/components/StateTag";
import { ThinBar } from "@/components/ThinBar";
import type { InviteRow } from "@/features/move/invite/useInviteState";
import { type NextStep, nameOf, nextStep, shareOf } from "@/features/move/run/people";
import type { Formatter } from "@/lib/format";
import { doneOf, toneOf } from "@/lib/moves";

export interface RowActs {
  open: (mailboxId: string) => void;
  tick: (mailboxId: string, range: boolean) => void;
  step: (mailbox: MailboxMove, step: NextStep) => void;
}

interface Props {
  mailbox: MailboxMove;
  moveState: MoveState;
  /** Where the invitation stands; "" the state says it. */
  invite: InviteRow;
  ticked: boolean;
  /** The row that the keyboard is on. */
  current: boolean;
  index: number;
  height: number;
  acts: RowActs;
  t: TFunction;
  format: Formatter;
  doing: (p: MailboxMove["progress"], state: MoveState) => string;
  trouble: (m: MailboxMove) => string;
}

/** One mailbox. Rendered anew only when something about it changed: an office has hundreds. */
export const PersonRow = memo(function PersonRow(props: Props) {
  const { mailbox: m, moveState, ticked, current, index, height, acts, t, format } = props;
  const { progress } = m;
  const name = nameOf(m);
  const busy = m.state === "running" || m.state === "waiting";
  const { invite } = props;
  const last = invite
    ? t(`invite.row.${invite}`)
    : busy && !m.problem
      ? props.doing(progress, moveState)
      : props.trouble(m);
  const step = nextStep(m);
  const share = shareOf(m);
  return (
    <div
      role="row"
      className="vt-row people-row"
      style={{ height }}
      aria-rowindex={index + 2}
      data-row={m.id}
    >
      <div role="cell">
        <input
          type="checkbox"
          className="tick"
          checked={ticked}
          aria-label={t("run.people.tick", { name })}
          tabIndex={current ? 0 : -1}
          onChange={() => undefined}
          onClick={(e) => acts.tick(m.id, e.shiftKey)}
        />
      </div>
      <div role="cell" className="two-lines">
        <button
          type="button"
          className="plain-link clip"
          tabIndex={current ? 0 : -1}
          onClick={() => acts.open(m.id)}
          title={`${m.from.user || m.from.path} → ${m.to.user || m.to.path}`}
        >
          {name}
        </button>
      </div>
      <div role="cell">
        <StateTag tone={invite ? "calm" : toneOf(m.state)}>
          {t(invite ? `invite.tag.${invite}` : `move.mailboxState.${m.state}`)}
        </StateTag>
      </div>
      <div role="cell" className="share-cell">
        <ThinBar
          label={name}
          done={doneOf(progress.counts)}
          all={progress.counts.messages}
          tone={toneOf(m.state)}
        />
        <span className="tabular faint">{`${share}% · ${format.number(progress.counts.messages)}`}</span>
      </div>
      <div role="cell" className="two-lines tabular vt-end">
        {m.state === "running" && (
          <>
            <span>{t("run.people.speed", { n: format.number(progress.perSecond) })}</span>
            <small>{progress.etaMs >= 0 ? format.duration(progress.etaMs / 1000) : ""}</small>
          </>
        )}
      </div>
      <div role="cell">
        <span className={m.problem ? "clip2" : "clip2 faint"} title={last}>
          {last}
        </span>
      </div>
      <div role="cell" className="vt-end">
        {step && (
          <button
            type="button"
            className="small-act"
            tabIndex={current ? 0 : -1}
            aria-label={t("run.people.stepFor", { step: t(`run.people.step.${step}`), name })}
            onClick={() => acts.step(m, step)}
          >
            {t(`run.people.step.${step}`)}
          </button>
        )}
      </div>
    </div>
  );
});
