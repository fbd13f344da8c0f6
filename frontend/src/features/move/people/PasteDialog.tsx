import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeDraft } from "@/features/move/draft";
import { isBlank } from "@/features/move/draftCheck";
import { peopleOfPaste } from "@/features/move/people/rows";

/** Takes rows copied from a spreadsheet. */
export function PasteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const people = peopleOfPaste(text);

  function take() {
    changeDraft((d) => ({ people: [...d.people.filter((p) => !isBlank(p)), ...people] }));
    onClose();
  }
  return (
    <Modal
      open
      title={t("move.people.pasteTitle")}
      okText={t("move.people.pasteOk", { count: people.length })}
      okButtonProps={{ disabled: people.length === 0 }}
      onOk={take}
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
        <small>{t("move.people.pasteNote")}</small>
      </div>
    </Modal>
  );
}
