import { FolderOpenOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { keys } from "@/api/keys";
import type { OpenedFile, ResultTaken } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenFile } from "@/features/move/invite/useGuest";
import { useFormat } from "@/lib/useFormat";

interface Props {
  /** A file that was opened in the file manager; it is read at once. */
  file?: string;
  onClose: () => void;
}

/** Opens an invitation, or takes in a result: from a file, or pasted from a mail or chat. */
export function OpenInvitation({ file = "", onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const cache = useQueryClient();
  const opener = useOpenFile();
  const [text, setText] = useState("");
  const [taken, setTaken] = useState<ResultTaken>();
  const started = useRef(false);

  function show(opened: OpenedFile | undefined) {
    if (opened?.result) setTaken(opened.result);
    if (opened?.invitation) {
      void cache.invalidateQueries({ queryKey: keys.guest });
      onClose();
    }
  }
  const openFile = opener.file;
  useEffect(() => {
    if (!file || started.current) return;
    started.current = true;
    void openFile(file).then(show);
  });
  if (taken) return <Taken taken={taken} onClose={onClose} />;
  return (
    <Modal
      open
      width={560}
      title={t("invite.open.title")}
      okText={t("invite.open.paste")}
      cancelText={t("invite.cancel")}
      okButtonProps={{ disabled: text.trim() === "", loading: opener.busy }}
      onOk={() => void opener.text(text).then(show)}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t("invite.open.text")}</p>
        <div>
          <Button icon={<FolderOpenOutlined aria-hidden />} onClick={() => void opener.pick().then(show)}>
            {t("invite.open.file")}
          </Button>
        </div>
        <div className="field">
          <label htmlFor={id}>{t("invite.open.pasteLabel")}</label>
          <Input.TextArea id={id} rows={6} value={text} onChange={(e) => setText(e.target.value)} />
        </div>
        {opener.trouble && <TroubleCard problem={opener.trouble} />}
      </div>
    </Modal>
  );
}

function Taken({ taken, onClose }: { taken: ResultTaken; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, go] = useLocation();
  const { counts } = taken;
  return (
    <Modal
      open
      title={t(taken.again ? "invite.taken.again" : "invite.taken.title", { name: taken.label })}
      okText={t("invite.taken.show")}
      cancelText={t("invite.close")}
      onOk={() => {
        go(`/move/${taken.moveId}`);
        onClose();
      }}
      onCancel={onClose}
    >
      <p>
        {t("invite.taken.text", {
          messages: format.number(counts.messages),
          copied: format.number(counts.copied + counts.alreadyThere),
          left: format.number(counts.leftBehind),
          when: format.moment(taken.ended),
        })}
      </p>
    </Modal>
  );
}
