import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  /** Reads the text; it says itself what went wrong. */
  onText: (text: string) => Promise<void>;
  onClose: () => void;
}

/** Takes rows copied from a spreadsheet. */
export function PasteDialog({ onText, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const rows = text.split(/\r?\n/).filter((line) => /[@＠]/.test(line)).length;

  async function take() {
    setBusy(true);
    await onText(text);
    onClose();
  }
  return (
    <Modal
      open
      title={t("move.people.pasteTitle")}
      okText={t("move.people.pasteOk", { count: rows })}
      okButtonProps={{ disabled: rows === 0, loading: busy }}
      onOk={() => void take()}
      onCancel={onClose}
      width={640}
    >
      <div className="field">
        <label htmlFor={id}>{t("move.people.pasteText")}</label>
        <Input.TextArea
          id={id}
          rows={9}
          value={text}
          spellCheck={false}
          placeholder={"li.lei@old.example\t••••••\tli.lei@new.example\t••••••"}
          onChange={(e) => setText(e.target.value)}
        />
        <small>{t("wizard.people.pasteNote")}</small>
      </div>
    </Modal>
  );
}
