import { CopyOutlined, SaveOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Invitation, Move } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { SaveCertificate } from "@/features/move/papers/SaveCertificate";
import { LeftList } from "@/features/move/run/LeftList";
import { ProgressPanel } from "@/features/move/run/ProgressPanel";
import { Sum } from "@/features/move/run/Sum";
import { useMoveAct } from "@/features/move/useMoveAct";
import { isWorking } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

interface Props {
  invitation: Invitation;
  move: Move;
}

/** The person's own move while it works, and what to do with its result. */
export function GuestProgress({ invitation, move }: Props) {
  const { t } = useTranslation();
  const act = useMoveAct(move);
  const working = isWorking(move.state);
  const halted = ["paused", "interrupted", "canceled"].includes(move.state);
  return (
    <>
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      {(working || halted) && <ProgressPanel move={move} />}
      <div className="row">
        {move.can.pause && (
          <Button onClick={() => void act.run((m) => m.pause(move.id))}>{t("move.run.pause")}</Button>
        )}
        {move.can.goOn && move.state !== "failed" && (
          <Button
            type="primary"
            onClick={() => void act.run((m) => m.goOn(move.id), { secrets: true })}
            loading={act.busy}
          >
            {t("move.run.goOn")}
          </Button>
        )}
      </div>
      {!working && !halted && move.state !== "failed" && <GuestResult invitation={invitation} move={move} />}
    </>
  );
}

function GuestResult({ invitation, move }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const { message } = App.useApp();
  const [papers, setPapers] = useState(false);
  const act = useMoveAct(move);
  const left = move.progress.counts.leftBehind;

  function tell(e: unknown) {
    const text = troubleText(t, problemOf(e));
    void message.error(`${text.what} ${text.todo}`);
  }
  const save = () =>
    client.guests
      .saveResult(invitation.id)
      .then((path) => {
        if (path) void message.success(t("invite.result.saved", { path }));
      })
      .catch(tell);
  const copy = () =>
    client.guests
      .resultText(invitation.id)
      .then((text) => navigator.clipboard.writeText(text))
      .then(() => void message.success(t("invite.copied")))
      .catch(tell);
  return (
    <>
      <section className="card result" aria-labelledby="guest-result">
        <h2 id="guest-result">
          {t(left > 0 ? "invite.result.someLeft" : "invite.result.done", {
            count: left,
            n: format.number(left),
          })}
        </h2>
        <Sum counts={move.progress.counts} />
        <p>
          <strong>
            {t("invite.result.next", { office: invitation.office || t("invite.result.theOffice") })}
          </strong>
        </p>
        <div className="row wrap">
          <Button type="primary" icon={<SaveOutlined aria-hidden />} onClick={() => void save()}>
            {t("invite.result.save")}
          </Button>
          <Button icon={<CopyOutlined aria-hidden />} onClick={() => void copy()}>
            {t("invite.result.copy")}
          </Button>
          <Button onClick={() => setPapers(true)}>{t("invite.result.certificate")}</Button>
          <span className="grow" />
          <Button
            type="text"
            loading={act.busy}
            onClick={() => void act.run((m) => m.start(move.id), { secrets: true })}
          >
            {t("invite.result.again")}
          </Button>
        </div>
      </section>
      <LeftList move={move} />
      {papers && <SaveCertificate move={move} mailbox={move.mailboxes[0]} onClose={() => setPapers(false)} />}
    </>
  );
}
