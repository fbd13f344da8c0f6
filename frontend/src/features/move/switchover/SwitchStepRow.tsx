import {
  CheckCircleFilled,
  ClockCircleOutlined,
  LockOutlined,
  QuestionCircleOutlined,
  RightCircleOutlined,
  WarningFilled,
} from "@ant-design/icons";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Switch, SwitchStep } from "@/api/types";
import { RecordList } from "@/features/move/switchover/RecordList";
import { useStepText } from "@/features/move/switchover/useStepText";
import type { SwitchActs } from "@/features/move/switchover/useSwitch";

interface Props {
  step: SwitchStep;
  state: Switch;
  act: SwitchActs;
  moveId: string;
}

const icons: Record<SwitchStep["state"], ReactNode> = {
  done: <CheckCircleFilled className="good" aria-hidden />,
  todo: <RightCircleOutlined className="accent" aria-hidden />,
  wait: <ClockCircleOutlined aria-hidden />,
  blocked: <LockOutlined className="faint" aria-hidden />,
  danger: <WarningFilled className="bad" aria-hidden />,
  unknown: <QuestionCircleOutlined className="faint" aria-hidden />,
};

/** One step: where it stands, who acts, what to copy. */
export function SwitchStepRow({ step, state, act, moveId }: Props) {
  const { t } = useTranslation();
  const text = useStepText();
  const open = step.state !== "done" && step.state !== "blocked";
  return (
    <li className={`switch-step switch-${step.state}`}>
      <span className="switch-icon">{icons[step.state]}</span>
      <div className="grow">
        <div className="switch-head">
          <strong>{t(`switchover.step.${step.id}.name`)}</strong>
          <span className="tag tag-calm">{t(`switchover.state.${step.state}`)}</span>
          {open && step.who !== "program" && (
            <span className="who">{t(`switchover.who.${step.who as "you"}`)}</span>
          )}
          {step.advice && open && <span className="faint">{t("switchover.advice")}</span>}
        </div>
        <p>{text(step)}</p>
        {open && step.stands.length > 0 && (
          <div className="stands">
            <small>{t("switchover.stands")}</small>
            {step.stands.map((line) => (
              <code key={line}>{line}</code>
            ))}
          </div>
        )}
        {open && step.should.length > 0 && <RecordList records={step.should} domain={state.domain} />}
        <StepActs step={step} state={state} act={act} moveId={moveId} />
      </div>
    </li>
  );
}

function StepActs({ step, state, act, moveId }: Props) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  function insist(what: "endWatch" | "cancelOld") {
    modal.confirm({
      title: t(`switchover.insist.${what}.title`),
      content: t(`switchover.insist.${what}.text`),
      okText: t(`switchover.insist.${what}.ok`),
      cancelText: t("switchover.insist.no"),
      okButtonProps: { danger: true },
      focusable: { autoFocusButton: "cancel" },
      onOk: () => act[what](true),
    });
  }
  if (step.id === "left" && step.state === "todo")
    return (
      <div className="row">
        <Link href={`/move/${moveId}`}>{t("switchover.act.showLeft")}</Link>
        <Button size="small" onClick={() => act.seeLeft(state.leftBehind)}>
          {t("switchover.act.seenLeft")}
        </Button>
      </div>
    );
  if ((step.id === "people" || step.id === "delta") && step.state === "todo")
    return <Link href={`/move/${moveId}`}>{t("switchover.act.toMove")}</Link>;
  if (step.id === "after" && state.watchEnded === 0 && (state.mayEnd === "" || state.mayEnd === "too_soon"))
    return (
      <Button size="small" onClick={() => (state.mayEnd === "" ? act.endWatch(false) : insist("endWatch"))}>
        {t("switchover.act.endWatch")}
      </Button>
    );
  if (
    step.id === "cancel" &&
    state.oldEnded === 0 &&
    (state.mayCancel === "" || state.mayCancel === "too_soon")
  )
    return (
      <Button
        size="small"
        onClick={() => (state.mayCancel === "" ? act.cancelOld(false) : insist("cancelOld"))}
      >
        {t("switchover.act.cancelOld")}
      </Button>
    );
  return null;
}
