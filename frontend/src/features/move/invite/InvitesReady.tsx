import { CopyOutlined } from "@ant-design/icons";
import { App, Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { InvitesMade, InviteText } from "@/api/types";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { i18n } from "@/i18n";
import { makeFormatter } from "@/lib/format";

interface Props {
  made: InvitesMade;
  office: string;
  onClose: () => void;
}

const languages = ["zh-CN", "en"] as const;
type Language = (typeof languages)[number];

/** What was made, and a letter to send it with, in either language. */
export function InvitesReady({ made, office, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [language, setLanguage] = useState<Language>(i18n.language === "en" ? "en" : "zh-CN");
  const pasted = made.folder === "";

  function letter(one: InviteText): string {
    const say = i18n.getFixedT(language);
    const day = makeFormatter(language).moment(made.expires);
    const from = office || say("invite.someone");
    const body = say(pasted ? "invite.letter.pasted" : "invite.letter.attached", {
      name: one.label,
      office: from,
      day,
      digits: made.fingerprint,
      file: one.file,
    });
    return pasted ? `${body}\n\n${one.text}` : body;
  }
  const copy = (text: string) =>
    navigator.clipboard
      .writeText(text)
      .then(() => void message.success(t("invite.copied")))
      .catch(() => void message.error(t("invite.notCopied")));
  const columns: Column<InviteText>[] = [
    {
      key: "name",
      title: t("invite.person"),
      width: "minmax(120px, 1fr)",
      cell: (one) => (
        <span className="two-lines">
          <span className="clip">{one.label}</span>
          <small className="clip">{pasted ? one.address : one.file}</small>
        </span>
      ),
    },
    {
      key: "copy",
      title: t("invite.ready.letter"),
      width: "190px",
      cell: (one) => (
        <Button size="small" icon={<CopyOutlined aria-hidden />} onClick={() => void copy(letter(one))}>
          {t("invite.ready.copy")}
        </Button>
      ),
    },
  ];
  return (
    <Modal
      open
      width={640}
      title={t("invite.ready.title", { count: made.texts.length })}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t("invite.close")}
        </Button>
      }
    >
      <div className="stack">
        {!pasted && (
          <p>
            {t("invite.ready.folder")}
            <code className="path saved-path">{made.folder}</code>
          </p>
        )}
        <p>
          {t("invite.ready.digits")} <code className="check-number">{made.fingerprint}</code>
          <br />
          <small className="faint">{t("invite.ready.digitsText")}</small>
        </p>
        <Radio.Group
          aria-label={t("invite.ready.language")}
          value={language}
          onChange={(e) => setLanguage(e.target.value as Language)}
          options={languages.map((value) => ({ value, label: t(`papers.language.${value}`) }))}
        />
        <VirtualTable
          label={t("invite.ready.table")}
          columns={columns}
          rows={made.texts}
          rowKey={(one) => one.mailboxId}
          rowHeight={48}
          maxRows={4}
        />
        {made.texts[0] && (
          <Input.TextArea
            readOnly
            rows={8}
            className="letter"
            aria-label={t("invite.ready.letter")}
            value={letter(made.texts[0])}
          />
        )}
      </div>
    </Modal>
  );
}
