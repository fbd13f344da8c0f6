import { CheckCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { SealCheck as Found, Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { useFormat } from "@/lib/useFormat";

/** Looks whether a sealed copy is as the move left it. */
export function SealCheck({ path }: { path: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found>();
  const [trouble, setTrouble] = useState<Problem>();
  const request = useRef("");
  useEffect(() => () => void client.app.cancel(request.current).catch(() => undefined), [client]);

  async function check() {
    request.current = crypto.randomUUID();
    setBusy(true);
    setFound(undefined);
    setTrouble(undefined);
    try {
      setFound(await client.endpoints.checkSeal(request.current, path));
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
    } finally {
      setBusy(false);
    }
  }
  return (
    <section className="seal" aria-label={t("oauth.seal.title")}>
      <h3>{t("oauth.seal.title")}</h3>
      <div className="row wrap">
        <Button size="small" loading={busy} onClick={() => void check()}>
          {t("oauth.seal.check")}
        </Button>
        {busy && (
          <Button size="small" type="text" onClick={() => void client.app.cancel(request.current)}>
            {t("oauth.stop")}
          </Button>
        )}
      </div>
      <div aria-live="polite">{found && <Outcome found={found} />}</div>
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void check() }} />}
    </section>
  );
}

function Outcome({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!found.sealed) return <p className="notice">{t("oauth.seal.none")}</p>;
  if (found.intact) {
    return (
      <>
        <p className="good">
          <CheckCircleFilled aria-hidden />{" "}
          {t("oauth.seal.intact", { files: format.number(found.files), made: format.moment(found.made) })}
        </p>
        <p className="faint">
          {t("oauth.seal.number")} <code className="fingerprint">{found.number}</code>
        </p>
      </>
    );
  }
  return (
    <div className="notice" role="alert">
      <strong>{t(found.damaged ? "oauth.seal.damaged" : "oauth.seal.broken")}</strong>
      <p>
        {t("oauth.seal.counts", {
          changed: format.number(found.changed),
          missing: format.number(found.missing),
          added: format.number(found.added),
        })}
      </p>
      <ul>
        {found.names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
