import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Endpoint, Invitation, Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";

const sides = ["from", "to"] as const;
type Side = (typeof sides)[number];

interface Props {
  invitation: Invitation;
  again?: boolean;
}

/** The two passwords; both are tried before anything is moved. */
export function GuestSignIn({ invitation, again = false }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const [typed, setTyped] = useState({ from: "", to: "" });
  const [busy, setBusy] = useState(false);
  const [troubles, setTroubles] = useState<Partial<Record<Side | "move", Problem>>>({});
  const complete = typed.from !== "" && typed.to !== "";

  async function start() {
    setTroubles({});
    if (!complete || !(await openVault())) return;
    setBusy(true);
    try {
      const handles = { from: await client.vault.keep(typed.from), to: await client.vault.keep(typed.to) };
      for (const side of sides) {
        const trial = { ...invitation[side], secret: handles[side] };
        const result = await client.endpoints.testSignIn(crypto.randomUUID(), trial);
        if (result.problem) {
          setTroubles({ [side]: result.problem });
          return;
        }
      }
      await client.guests.begin(invitation.id, handles.from, handles.to);
      setTyped({ from: "", to: "" });
      void cache.invalidateQueries({ queryKey: keys.moves });
      await cache.invalidateQueries({ queryKey: keys.guest });
    } catch (e) {
      setTroubles({ move: problemOf(e) });
    } finally {
      setBusy(false);
    }
  }
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void start();
      }}
    >
      <div className="guest-sides">
        {sides.map((side) => (
          <GuestSide
            key={side}
            side={side}
            endpoint={invitation[side]}
            value={typed[side]}
            trouble={troubles[side]}
            onChange={(value) => setTyped((all) => ({ ...all, [side]: value }))}
          />
        ))}
      </div>
      {troubles.move && <TroubleCard problem={troubles.move} />}
      <div className="row">
        <Button type="primary" size="large" htmlType="submit" disabled={!complete} loading={busy}>
          {t(again ? "invite.guest.tryAgain" : "invite.guest.start")}
        </Button>
        <span className="faint">{t("invite.guest.promise")}</span>
      </div>
    </form>
  );
}

interface SideProps {
  side: Side;
  endpoint: Endpoint;
  value: string;
  trouble: Problem | undefined;
  onChange: (value: string) => void;
}

function GuestSide({ side, endpoint, value, trouble, onChange }: SideProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t(`invite.guest.${side}`)}</h2>
      <p>
        <strong>{endpoint.user}</strong>
        <br />
        <span className="faint">{t("invite.guest.server", { host: endpoint.host })}</span>
      </p>
      <div className="field">
        <label htmlFor={id}>{t("invite.guest.password")}</label>
        <Input.Password
          id={id}
          value={value}
          autoComplete="new-password"
          status={trouble ? "error" : undefined}
          onChange={(e) => onChange(e.target.value)}
        />
      </div>
      {trouble && <TroubleCard problem={trouble} />}
    </section>
  );
}
