import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import type { useMoveAct } from "@/features/move/useMoveAct";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  act: ReturnType<typeof useMoveAct>;
  onClose: () => void;
}

/** Takes the move back. The number of messages must be typed, so that nobody does it by a slip. */
export function UndoDialog({ move, act, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [typed, setTyped] = useState("");
  const { stored } = move;
  const agrees = typed.replace(/[\s,，.]/g, "") === String(stored);

  async function undo() {
    if (!agrees) return;
    if (await act.run((m) => m.undo(move.id, stored), { secrets: true })) onClose();
  }
  return (
    <Modal
      open
      title={t("move.undo.title")}
      okText={t("move.undo.ok", { n: format.number(stored) })}
      cancelText={t("move.undo.cancel")}
      okButtonProps={{ danger: true, disabled: !agrees, loading: act.busy }}
      onOk={() => void undo()}
      onCancel={onClose}
    >
      <p>
        {t("move.undo.text", { n: format.number(stored), mailboxes: format.number(move.mailboxes.length) })}
      </p>
      <p>{t("move.undo.stays")}</p>
      <div className="field">
        <label htmlFor={id}>{t("move.undo.type", { n: format.number(stored) })}</label>
        <Input
          id={id}
          value={typed}
          inputMode="numeric"
          autoComplete="off"
          onChange={(e) => setTyped(e.target.value)}
          onPressEnter={() => void undo()}
        />
      </div>
      {act.trouble && <TroubleCard problem={act.trouble} />}
    </Modal>
  );
}
