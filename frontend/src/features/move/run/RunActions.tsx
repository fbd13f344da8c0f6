import { CaretRightOutlined, PauseOutlined, StopOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { InviteButton } from "@/features/move/invite/InviteButton";
import { RemoveMove } from "@/features/move/RemoveMove";
import type { useMoveAct } from "@/features/move/useMoveAct";

interface Props {
  move: Move;
  act: ReturnType<typeof useMoveAct>;
}

/** Pause, go on, cancel; what makes sense now is the program's to say. */
export function RunActions({ move, act }: Props) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { can, id } = move;

  function askCancel() {
    modal.confirm({
      title: t("move.run.cancelTitle"),
      content: t("move.run.cancelText"),
      okText: t("move.run.cancelOk"),
      cancelText: t("move.run.cancelNo"),
      okButtonProps: { danger: true },
      focusable: { autoFocusButton: "cancel" },
      onOk: () => act.run((m) => m.cancel(id)).then(() => undefined),
    });
  }
  return (
    <>
      {can.pause && (
        <Button
          icon={<PauseOutlined aria-hidden />}
          loading={act.busy}
          onClick={() => void act.run((m) => m.pause(id))}
        >
          {t("move.run.pause")}
        </Button>
      )}
      {can.goOn && (
        <Button
          type="primary"
          icon={<CaretRightOutlined aria-hidden />}
          loading={act.busy}
          onClick={() => void act.run((m) => m.goOn(id), { secrets: true })}
        >
          {t("move.run.goOn")}
        </Button>
      )}
      {can.cancel && (
        <Button danger icon={<StopOutlined aria-hidden />} onClick={askCancel}>
          {t("move.run.cancel")}
        </Button>
      )}
      <InviteButton move={move} />
      <RemoveMove move={move} />
    </>
  );
}
