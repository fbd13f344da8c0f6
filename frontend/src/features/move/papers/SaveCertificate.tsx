import { Button, Checkbox, Modal, Progress, Radio } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type {
  CertificateFormat,
  CertificateOrder,
  CertificateSaved,
  MailboxMove,
  Move,
  PaperLanguage,
} from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { SavedNote } from "@/features/move/papers/SavedNote";
import { useSaveCertificate } from "@/features/move/papers/useSaveCertificate";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  /** One person's paper; without: the whole office's. */
  mailbox?: MailboxMove;
  onClose: () => void;
}

const formats: CertificateFormat[] = ["pdf", "html", "xlsx", "csv"];
const languages: PaperLanguage[] = ["zh-CN", "en", "both"];

/** Asks which paper is wanted, saves it and says what was written. */
export function SaveCertificate({ move, mailbox, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const id = useId();
  const job = useSaveCertificate();
  const [saved, setSaved] = useState<CertificateSaved>();
  const [order, setOrder] = useState<CertificateOrder>({
    moveId: move.id,
    mailboxId: mailbox?.id ?? "",
    format: "pdf",
    language: i18n.language === "en" ? "en" : "zh-CN",
    perPerson: false,
    left: false,
  });
  const change = (part: Partial<CertificateOrder>) => setOrder((o) => ({ ...o, ...part }));
  const left = (mailbox ? mailbox.progress : move.progress).counts.leftBehind;

  async function save() {
    const done = await job.save(order);
    if (done?.path) setSaved(done);
  }
  return (
    <Modal
      open
      width={560}
      title={t(mailbox ? "papers.titleOne" : "papers.title", { name: mailbox?.label ?? "" })}
      onCancel={job.busy ? undefined : onClose}
      closable={!job.busy}
      mask={{ closable: false }}
      footer={
        saved ? (
          <Button type="primary" onClick={onClose}>
            {t("papers.close")}
          </Button>
        ) : (
          <>
            <Button onClick={job.busy ? job.stop : onClose}>
              {t(job.busy ? "papers.stop" : "papers.cancel")}
            </Button>
            <Button type="primary" loading={job.busy} onClick={() => void save()}>
              {t(order.perPerson ? "papers.chooseFolder" : "papers.chooseFile")}
            </Button>
          </>
        )
      }
    >
      {saved ? (
        <SavedNote saved={saved} />
      ) : (
        <div className="stack">
          <fieldset className="field" disabled={job.busy}>
            <legend id={`${id}-format`}>{t("papers.format.label")}</legend>
            <Radio.Group
              aria-labelledby={`${id}-format`}
              className="paper-formats"
              value={order.format}
              onChange={(e) => change({ format: e.target.value as CertificateFormat })}
              options={formats.map((value) => ({ value, label: t(`papers.format.${value}`) }))}
            />
          </fieldset>
          <fieldset className="field" disabled={job.busy}>
            <legend id={`${id}-language`}>{t("papers.language.label")}</legend>
            <Radio.Group
              aria-labelledby={`${id}-language`}
              value={order.language}
              onChange={(e) => change({ language: e.target.value as PaperLanguage })}
              options={languages.map((value) => ({ value, label: t(`papers.language.${value}`) }))}
            />
          </fieldset>
          {!mailbox && move.mailboxes.length > 1 && (
            <fieldset className="field" disabled={job.busy}>
              <legend id={`${id}-scope`}>{t("papers.scope.label")}</legend>
              <Radio.Group
                aria-labelledby={`${id}-scope`}
                value={order.perPerson}
                onChange={(e) => change({ perPerson: e.target.value as boolean })}
                options={[
                  { value: false, label: t("papers.scope.office") },
                  {
                    value: true,
                    label: t("papers.scope.person", { n: format.number(move.mailboxes.length) }),
                  },
                ]}
              />
            </fieldset>
          )}
          {left > 0 && (
            <Checkbox checked={order.left} onChange={(e) => change({ left: e.target.checked })}>
              {t("papers.left", { n: format.number(left) })}
            </Checkbox>
          )}
          {job.progress && (
            <Progress
              percent={Math.round((100 * job.progress.done) / Math.max(job.progress.total, 1))}
              aria-label={t("papers.reading")}
            />
          )}
          {job.trouble && <TroubleCard problem={job.trouble} />}
        </div>
      )}
    </Modal>
  );
}
