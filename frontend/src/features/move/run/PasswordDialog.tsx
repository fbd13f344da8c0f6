import { useQueryClient } from "@tanstack/react-query";
import { App, Modal, Radio } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { MailboxMove, Move, Problem } from "@/api/types";
import { PasswordField } from "@/components/PasswordField";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";
import { isServer } from "@/features/move/draftInput";
import { SignInAgain } from "@/features/move/ends/oauth/SignInAgain";
import { nameOf, sideOf } from "@/features/move/run/people";
import { noPassword } from "@/lib/password";

interface Props {
  move: Move;
  mailbox: MailboxMove;
  onClose: () => void;
}

/** A new password for one side of a mailbox: tried once, kept only if the server takes it. */
export function PasswordDialog({ move, mailbox: m, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const { message } = App.useApp();
  const [side, setSide] = useState<"from" | "to">(m.problem ? sideOf(m, m.problem) : "from");
  const [password, setPassword] = useState(noPassword);
  const [trouble, setTrouble] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const request = useRef("");
  const end = m[side];

  async function save(granted = "") {
    setBusy(true);
    setTrouble(undefined);
    request.current = crypto.randomUUID();
    let handle = "";
    try {
      if (!(await openVault())) return;
      handle = granted || (await client.vault.keep(password.typed));
      const result = await client.runs.changePassword(request.current, move.id, m.id, side, handle);
      if (result.ok) {
        void message.success(t("run.password.kept", { name: nameOf(m) }));
        void cache.invalidateQueries({ queryKey: keys.move(move.id) });
        onClose();
        return;
      }
      setTrouble(result.problem);
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
    // What the server did not take must not stay in the vault.
    if (handle) await client.vault.forget(handle).catch(() => undefined);
  }
  return (
    <Modal
      open
      title={t("run.password.title", { name: nameOf(m) })}
      okText={t(busy ? "run.password.trying" : "run.password.ok")}
      cancelText={t("run.password.cancel")}
      okButtonProps={{ disabled: password.typed === "", loading: busy, hidden: end.auth === "oauth" }}
      onOk={() => void save()}
      onCancel={() => {
        if (busy) client.app.cancel(request.current).catch(() => undefined);
        onClose();
      }}
    >
      <div className="stack">
        {isServer(m.from.kind) && isServer(m.to.kind) && (
          <Radio.Group
            value={side}
            onChange={(e) => setSide(e.target.value as "from" | "to")}
            options={(["from", "to"] as const).map((value) => ({ value, label: t(`run.password.${value}`) }))}
          />
        )}
        <p className="faint">{t("run.password.where", { user: end.authz || end.user, host: end.host })}</p>
        {end.auth === "oauth" ? (
          <SignInAgain key={side} end={end} onSigned={(s) => void save(s.secret)} />
        ) : (
          <>
            <PasswordField label={t("run.password.new")} value={password} onChange={setPassword} />
            <p className="faint">{t("run.password.once")}</p>
          </>
        )}
        {trouble && <TroubleCard problem={trouble} />}
      </div>
    </Modal>
  );
}
