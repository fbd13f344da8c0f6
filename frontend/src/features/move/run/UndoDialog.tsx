import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, Modal, Spin } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { MailboxMove, Move, UndoPreview } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { useOpenVault } from "@/components/vault/VaultGate";
import { UndoFolders } from "@/features/move/run/UndoFolders";
import type { useMoveAct } from "@/features/move/useMoveAct";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  /** Only this person; without: the whole move. */
  mailbox?: MailboxMove;
  act: ReturnType<typeof useMoveAct>;
  onClose: () => void;
}

/**
 * Takes the move back, for one person or all. First the new mailboxes are looked at, then the number of
 * messages must be typed, so that nobody does it by a slip.
 */
export function UndoDialog({ move, mailbox, act, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [keep, setKeep] = useState(true);
  const preview = usePreview(move, mailbox);
  const { data } = preview;
  const unknown = data?.unknown.length ?? 0;
  // Where a mailbox could not be looked at, all that was stored there counts.
  const all = data ? (unknown > 0 ? data.stored - data.gone : data.present) : 0;
  const number = data ? all - (keep ? data.touched : 0) : 0;
  const agrees = number > 0 && typed.replace(/[\s,，.]/g, "") === String(number);

  async function undo() {
    if (!agrees || !data) return;
    const order = { mailboxIds: mailbox ? [mailbox.id] : [], stored: data.stored, keep };
    if (await act.run((m) => m.undoChosen(move.id, order), { secrets: true })) onClose();
  }
  return (
    <Modal
      open
      width={600}
      title={mailbox ? t("undo.titleOne", { name: mailbox.label }) : t("move.undo.title")}
      okText={t("move.undo.ok", { n: format.number(number) })}
      cancelText={t("move.undo.cancel")}
      okButtonProps={{ danger: true, disabled: !agrees, loading: act.busy }}
      onOk={() => void undo()}
      onCancel={onClose}
    >
      {preview.error && (
        <TroubleCard
          problem={problemOf(preview.error)}
          acts={{ again: () => void preview.refetch(), fixServer: () => void preview.refetch() }}
        />
      )}
      {!data && !preview.error && (
        <div role="status">
          <Spin size="small" /> {t("undo.looking")}
        </div>
      )}
      {data && (
        <div className="stack">
          <p>
            {t("undo.text", { n: format.number(number) })} {t("move.undo.stays")}
          </p>
          <Changes preview={data} />
          {data.touched > 0 && (
            <Checkbox checked={keep} onChange={(e) => setKeep(e.target.checked)}>
              {t("undo.keep", { n: format.number(data.touched) })}
            </Checkbox>
          )}
          {data.folders.length > 0 && <UndoFolders preview={data} />}
          {mailbox && <p className="faint">{t("undo.leftOut")}</p>}
          {number > 0 ? (
            <div className="field">
              <label htmlFor={id}>{t("move.undo.type", { n: format.number(number) })}</label>
              <Input
                id={id}
                value={typed}
                inputMode="numeric"
                autoComplete="off"
                onChange={(e) => setTyped(e.target.value)}
                onPressEnter={() => void undo()}
              />
            </div>
          ) : (
            <p className="notice">{t("undo.nothing")}</p>
          )}
        </div>
      )}
      {act.trouble && <TroubleCard problem={act.trouble} />}
    </Modal>
  );
}

/** Looks at the new mailboxes once the vault is open; leaving the dialog stops it. */
function usePreview(move: Move, mailbox: MailboxMove | undefined) {
  const client = useClient();
  const openVault = useOpenVault();
  const [ready, setReady] = useState(false);
  const request = useRef("");
  const asks = move.mailboxes.some((m) => m.to.secret !== "" || m.from.secret !== "");
  useEffect(() => {
    if (!asks) setReady(true);
    else void openVault().then((ok) => setReady(ok));
    return () => {
      if (request.current) client.app.cancel(request.current).catch(() => undefined);
    };
  }, [asks, client, openVault]);
  return useQuery({
    queryKey: keys.undoPreview(move.id, mailbox?.id ?? ""),
    queryFn: async () => {
      request.current = crypto.randomUUID();
      return client.moves.previewUndo(request.current, move.id, mailbox ? [mailbox.id] : []);
    },
    enabled: ready,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is another way than the move left it. */
function Changes({ preview: p }: { preview: UndoPreview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const renumbered = p.folders.filter((f) => f.renumbered).length;
  const changes = [
    p.gone > 0 && t("undo.gone", { n: format.number(p.gone) }),
    p.read > 0 && t("undo.read", { n: format.number(p.read) }),
    renumbered > 0 && t("undo.renumbered", { n: format.number(renumbered) }),
    ...p.unknown.map((u) => `${u.mailbox}: ${troubleText(t, u.problem).what} ${t("undo.unknown")}`),
  ].filter((line) => line !== false);
  if (changes.length === 0) return p.touched > 0 ? null : <p className="good">{t("undo.unchanged")}</p>;
  return (
    <div className="notice">
      <p>{t("undo.changed")}</p>
      <ul className="bullets">
        {changes.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
