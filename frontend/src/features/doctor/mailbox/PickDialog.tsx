import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { MailInput, MailItem } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { SideForm } from "@/features/doctor/letter/SideForm";
import { TrustTrouble } from "@/features/doctor/mailbox/TrustTrouble";
import type { MailboxEntry } from "@/features/doctor/mailbox/useMailbox";
import { useFormat } from "@/lib/useFormat";

interface Props {
  mailbox: MailboxEntry;
  /** Only what looks like returned mail. */
  returned: boolean;
  onPick: (input: MailInput) => void;
  onClose: () => void;
}

const request = "doctor-pick";

/** Signs in, lists recent mail, and lets the person choose one to read. */
export function PickDialog({ mailbox, returned, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const [items, setItems] = useState<MailItem[]>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();

  async function list(pin = mailbox.side.imap.pin) {
    setBusy(true);
    setTrouble(undefined);
    setItems(undefined);
    try {
      const at = await mailbox.signedIn();
      if (at) setItems(await client.readers.recent(request, { ...at.endpoint, pin }, returned));
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
    } finally {
      setBusy(false);
    }
  }
  async function pick(item: MailItem) {
    const at = await mailbox.signedIn();
    if (!at) return;
    const { folder, validity, uid } = item;
    onPick({ text: "", path: "", base64: "", picked: { endpoint: at.endpoint, folder, validity, uid } });
  }
  function trust(pin: string) {
    mailbox.change({ ...mailbox.side, imap: { ...mailbox.side.imap, pin } });
    void list(pin);
  }
  function close() {
    void client.app.cancel(request).catch(() => undefined);
    onClose();
  }
  return (
    <Modal
      open
      width={640}
      title={t(returned ? "pick.titleReturned" : "pick.title")}
      onCancel={close}
      footer={<Button onClick={close}>{t("pick.close")}</Button>}
    >
      <div className="pick-body">
        <p className="faint">{t("pick.lead")}</p>
        <SideForm title={t("pick.mailbox")} side={mailbox.side} sends={false} onChange={mailbox.change} />
        <div className="row wrap">
          <Button type="primary" loading={busy} disabled={!mailbox.complete} onClick={() => void list()}>
            {t("pick.list")}
          </Button>
        </div>
        {trouble && <TrustTrouble problem={trouble} onTrust={trust} />}
        {items && <Items items={items} returned={returned} onPick={(i) => void pick(i)} />}
      </div>
    </Modal>
  );
}

function Items({
  items,
  returned,
  onPick,
}: {
  items: MailItem[];
  returned: boolean;
  onPick: (i: MailItem) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (items.length === 0) return <p role="status">{t(returned ? "pick.noneReturned" : "pick.none")}</p>;
  return (
    <ul className="picks" aria-label={t("pick.mails")}>
      {items.map((i) => (
        <li key={`${i.folder} ${i.uid}`}>
          <button type="button" className="pick" onClick={() => onPick(i)}>
            <strong className="clip">{i.subject || t("pick.noSubject")}</strong>
            <small className="faint clip">
              {format.moment(i.date)} · {i.from} · {i.shown}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}
