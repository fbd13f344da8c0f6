import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { InviteState, InvitesMade, MailboxMove, Move, Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useOpenVault } from "@/components/vault/VaultGate";
import { InvitesReady } from "@/features/move/invite/InvitesReady";
import { invitable } from "@/features/move/invite/invitable";
import { OpenInvitation } from "@/features/move/invite/OpenInvitation";
import { WithdrawButton } from "@/features/move/invite/WithdrawButton";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  /** Who is to be invited; without: all who were not yet. */
  first?: string;
  onClose: () => void;
}

/** Chooses who is invited, makes the files or texts, and shows what came back. */
export function InviteDialog({ move, first, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const id = useId();
  const people = move.mailboxes.filter(invitable);
  const { data: states = [] } = useQuery({
    queryKey: keys.invites(move.id),
    queryFn: () => client.guests.states(move.id),
    staleTime: 0,
  });
  const byBox = new Map(states.map((s) => [s.mailboxId, s] as const));
  const [chosen, setChosen] = useState<Set<string>>(
    () =>
      new Set(people.filter((m) => (first ? m.id === first : m.self && !byBox.has(m.id))).map((m) => m.id)),
  );
  const [office, setOffice] = useState("");
  const [days, setDays] = useState(14);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const [made, setMade] = useState<InvitesMade>();
  const [taking, setTaking] = useState(false);

  async function make(files: boolean) {
    setTrouble(undefined);
    if (!(await openVault())) return;
    setBusy(true);
    try {
      const mailboxIds = people.filter((m) => chosen.has(m.id)).map((m) => m.id);
      const done = await client.guests.make({
        moveId: move.id,
        mailboxIds,
        office: office.trim(),
        days,
        files,
      });
      if (done.texts.length > 0) setMade(done);
      void cache.invalidateQueries({ queryKey: keys.moves });
      void cache.invalidateQueries({ queryKey: keys.invites(move.id) });
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  function toggle(ids: string[], on: boolean) {
    setChosen((before) => {
      const next = new Set(before);
      for (const one of ids) {
        if (on) next.add(one);
        else next.delete(one);
      }
      return next;
    });
  }
  if (made) return <InvitesReady made={made} office={office.trim()} onClose={onClose} />;
  if (taking) return <OpenInvitation onClose={onClose} />;
  const all = people.length > 0 && people.every((m) => chosen.has(m.id));
  const columns: Column<MailboxMove>[] = [
    {
      key: "pick",
      title: (
        <Checkbox
          checked={all}
          indeterminate={!all && chosen.size > 0}
          aria-label={t("invite.all")}
          onChange={(e) =>
            toggle(
              people.map((m) => m.id),
              e.target.checked,
            )
          }
        />
      ),
      width: "40px",
      cell: (m) => (
        <Checkbox
          checked={chosen.has(m.id)}
          aria-label={m.label}
          onChange={(e) => toggle([m.id], e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("invite.person"),
      width: "minmax(140px, 1fr)",
      cell: (m) => (
        <span className="two-lines">
          <span className="clip">{m.label}</span>
          <small className="clip">{m.from.authz || m.from.user}</small>
        </span>
      ),
    },
    {
      key: "state",
      title: t("invite.state"),
      width: "minmax(150px, 1fr)",
      cell: (m) => <span className="faint clip">{stateOf(m, byBox.get(m.id))}</span>,
    },
    {
      key: "withdraw",
      title: <span className="visually-hidden">{t("invite.withdraw.button")}</span>,
      width: "96px",
      cell: (m) => {
        const invited = byBox.get(m.id);
        const open = m.self && invited && !invited.taken;
        return open ? <WithdrawButton move={move} mailbox={m} onTrouble={setTrouble} /> : null;
      },
    },
  ];
  function stateOf(m: MailboxMove, s: InviteState | undefined): string {
    if (!m.self) return t("invite.states.office");
    if (s?.taken) return t("invite.states.taken", { day: format.moment(s.taken) });
    if (!s) return t("invite.states.notYet");
    return s.expires < Date.now()
      ? t("invite.states.expired")
      : t("invite.states.made", { day: format.moment(s.made) });
  }
  return (
    <Modal
      open
      width={680}
      title={t("invite.title")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={() => setTaking(true)}>{t("invite.takeIn")}</Button>
          <Button disabled={chosen.size === 0} loading={busy} onClick={() => void make(false)}>
            {t("invite.asText")}
          </Button>
          <Button type="primary" disabled={chosen.size === 0} loading={busy} onClick={() => void make(true)}>
            {t("invite.asFiles")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t("invite.text")}</p>
        <VirtualTable
          label={t("invite.table")}
          columns={columns}
          rows={people}
          rowKey={(m) => m.id}
          rowHeight={48}
          maxRows={5}
        />
        <div className="field-pair">
          <div className="field">
            <label htmlFor={`${id}-office`}>{t("invite.office")}</label>
            <Input
              id={`${id}-office`}
              value={office}
              maxLength={100}
              placeholder={t("invite.officeHint")}
              onChange={(e) => setOffice(e.target.value)}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-days`}>{t("invite.days")}</label>
            <InputNumber id={`${id}-days`} min={1} max={90} value={days} onChange={(n) => setDays(n ?? 14)} />
          </div>
        </div>
        {trouble && <TroubleCard problem={trouble} />}
      </div>
    </Modal>
  );
}
