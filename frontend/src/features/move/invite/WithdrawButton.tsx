import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Endpoint, MailboxMove, Move, Problem } from "@/api/types";
import { nameOf } from "@/features/move/run/people";

interface Props {
  move: Move;
  mailbox: MailboxMove;
  onTrouble: (problem: Problem | undefined) => void;
}

/** Takes an invitation back, so that the office moves the mailbox; that needs its passwords. */
export function WithdrawButton({ move, mailbox: m, onTrouble }: Props) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const client = useClient();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const name = nameOf(m);

  async function withdraw() {
    onTrouble(undefined);
    try {
      cache.setQueryData(keys.move(move.id), await client.guests.stop(move.id, m.id));
      void cache.invalidateQueries({ queryKey: keys.moves });
    } catch (e) {
      onTrouble(problemOf(e));
    }
  }
  function ask() {
    const known = canSignIn(m.from) && canSignIn(m.to);
    modal.confirm({
      title: t("invite.withdraw.title", { name }),
      content: t(known ? "invite.withdraw.text" : "invite.withdraw.noPassword"),
      okText: t(known ? "invite.withdraw.ok" : "invite.withdraw.enter"),
      cancelText: t("invite.cancel"),
      okButtonProps: { danger: known },
      focusable: { autoFocusButton: "cancel" },
      onOk: known ? withdraw : () => go(`/move/${move.id}/edit`),
    });
  }
  return (
    <Button
      size="small"
      type="text"
      danger
      aria-label={t("invite.withdraw.of", { name })}
      title={t("invite.withdraw.of", { name })}
      onClick={ask}
    >
      {t("invite.withdraw.button")}
    </Button>
  );
}

function canSignIn(e: Endpoint): boolean {
  return e.secret !== "" || e.auth === "application";
}
