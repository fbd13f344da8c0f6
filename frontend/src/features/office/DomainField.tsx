import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeGuess } from "@/api/offices";
import type { Problem } from "@/api/types";
import { useProviders } from "@/api/useProviders";
import { useMakerName } from "@/components/office/useOffice";
import { TroubleCard } from "@/components/TroubleCard";

interface Props {
  domain: string;
  onDomain: (domain: string) => void;
  onProvider: (id: string) => void;
}

/** The domain, from which the provider is recognised. */
export function DomainField({ domain, onDomain, onProvider }: Props) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const makerName = useMakerName();
  const presets = useProviders();
  const id = useId();
  const [guess, setGuess] = useState<OfficeGuess | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem | null>(null);

  async function recognise() {
    if (domain.trim() === "" || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      const found = await client.offices.recognise(crypto.randomUUID(), domain.trim());
      setGuess(found);
      if (found.provider) onProvider(found.provider);
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  const preset = presets.find((p) => p.id === guess?.preset);
  const presetName = (i18n.language === "en" ? preset?.nameEn : preset?.nameZh) ?? guess?.preset ?? "";
  const said = !guess
    ? ""
    : guess.provider
      ? t("connect.found", { name: makerName(guess.provider) })
      : guess.preset
        ? t("connect.foundOther", { name: presetName })
        : t(guess.offline ? "connect.offline" : "connect.foundNone");
  return (
    <div className="field">
      <label htmlFor={id}>{t("connect.domain")}</label>
      <div className="row">
        <Input
          id={id}
          value={domain}
          spellCheck={false}
          autoComplete="off"
          placeholder="office.example"
          aria-describedby={`${id}-said`}
          onChange={(e) => {
            setGuess(null);
            onDomain(e.target.value);
          }}
          onPressEnter={() => void recognise()}
          onBlur={() => void recognise()}
        />
        <Button loading={busy} onClick={() => void recognise()}>
          {t("connect.recognise")}
        </Button>
      </div>
      <small id={`${id}-said`} role="status">
        {busy ? t("connect.recognising") : said || t("connect.domainHint")}
      </small>
      {trouble && <TroubleCard problem={trouble} />}
    </div>
  );
}
