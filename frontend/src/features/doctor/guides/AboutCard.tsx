import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { Guide, GuidePlace, GuideProbe } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import { nowhere } from "@/api/nowhere";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";
import { recall, remember } from "@/lib/memory";

/** What a guide is about: the place, and what its probes may use. */
export interface About {
  place: GuidePlace;
  probe: Omit<GuideProbe, "probe">;
}

/** Probes that look into a mailbox. */
const inside = ["sign-in", "outgoing", "room", "trash", "junk-folder"];

/** Asks once which mailbox it is about; a password only where the guide can use it. */
export function AboutCard({ guide, onStart }: { guide: Guide; onStart: (about: About) => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const id = useId();
  const wantsPassword = guide.nodes.some((n) => inside.includes(n.probe));
  const [address, setAddress] = useState(recall<string>("guide-address") ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();

  async function start() {
    setBusy(true);
    setTrouble(undefined);
    try {
      remember("guide-address", address);
      const place = address.trim() ? await client.guides.place("doctor-place", address.trim()) : nowhere;
      let secret = "";
      if (password && place.endpoint.host && (await openVault())) secret = await client.vault.keep(password);
      onStart({
        place,
        probe: {
          domain: place.domain,
          provider: place.provider,
          endpoint: { ...place.endpoint, secret },
          outgoing: place.outgoing,
        },
      });
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  return (
    <form
      className="card about"
      aria-label={t("guides.ui.who")}
      onSubmit={(e) => {
        e.preventDefault();
        void start();
      }}
    >
      <h3>{t("guides.ui.who")}</h3>
      <div className="field-pair even">
        <div className="field">
          <label htmlFor={`${id}-a`}>{t("guides.ui.address")}</label>
          <Input
            id={`${id}-a`}
            value={address}
            placeholder="li.lei@office.example"
            spellCheck={false}
            onChange={(e) => setAddress(e.target.value)}
          />
          <small>{t("guides.ui.without")}</small>
        </div>
        {wantsPassword && (
          <div className="field">
            <label htmlFor={`${id}-p`}>{t("guides.ui.password")}</label>
            <Input.Password
              id={`${id}-p`}
              value={password}
              autoComplete="off"
              onChange={(e) => setPassword(e.target.value)}
            />
            <small>{t("guides.ui.passwordNote")}</small>
          </div>
        )}
      </div>
      {trouble && <TroubleCard problem={trouble} />}
      <div>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("guides.ui.start")}
        </Button>
      </div>
    </form>
  );
}
