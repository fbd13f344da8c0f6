import { Button, Spin } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { Guide } from "@/api/doctor";
import { VaultGate } from "@/components/vault/VaultGate";
import { type About, AboutCard } from "@/features/doctor/guides/AboutCard";
import { ActCard } from "@/features/doctor/guides/ActCard";
import { MadeSteps } from "@/features/doctor/guides/MadeSteps";
import { useWalk } from "@/features/doctor/guides/useWalk";
import { useText } from "@/lib/useText";

/** One guide, step by step: what was found above, what is to do below. */
export function GuidePage({ guide }: { guide: Guide }) {
  const { t } = useTranslation();
  const text = useText();
  const [about, setAbout] = useState<About>();
  useForgotten(about);
  return (
    <VaultGate>
      <div className="doctor-section">
        <div>
          <Link href="/doctor/guides" className="above">
            {t("guides.ui.all")}
          </Link>
          <h2>{text(`guides.tree.${guide.id}.title`)}</h2>
          <p className="lead">{text(`guides.tree.${guide.id}.lead`)}</p>
        </div>
        {about ? <Walk guide={guide} about={about} /> : <AboutCard guide={guide} onStart={setAbout} />}
      </div>
    </VaultGate>
  );
}

/** The password was for this guide only: it is forgotten when the person leaves. */
function useForgotten(about: About | undefined) {
  const client = useClient();
  const secret = about?.probe.endpoint.secret ?? "";
  useEffect(() => {
    if (!secret) return;
    return () => void client.vault.forget(secret).catch(() => undefined);
  }, [client, secret]);
}

function Walk({ guide, about }: { guide: Guide; about: About }) {
  const { t } = useTranslation();
  const text = useText();
  const walk = useWalk(guide, about);
  const now = useRef<HTMLDivElement>(null);
  const { node } = walk;
  useEffect(() => {
    if (node && !node.probe) now.current?.focus();
  }, [node]);
  return (
    <>
      <MadeSteps guide={guide} made={walk.made} />
      <div ref={now} tabIndex={-1} className="now" aria-live="polite">
        {node?.probe && (
          <section className="card row" aria-label={t("guides.ui.testing")}>
            <Spin size="small" />
            <strong>{text(`guides.probe.${node.probe}.title`)}</strong>
            <span className="faint">{t("guides.ui.testing")}</span>
          </section>
        )}
        {node && node.ask.length > 0 && (
          <section className="card" aria-labelledby="guide-question">
            <h3 id="guide-question">{text(`guides.tree.${guide.id}.node.${node.id}.text`)}</h3>
            <div className="row wrap">
              {node.ask.map((choice) => (
                <Button key={choice} onClick={() => walk.answer(choice)}>
                  {text(
                    `guides.tree.${guide.id}.node.${node.id}.choice.${choice}`,
                    {},
                    text(`guides.choice.${choice}`),
                  )}
                </Button>
              ))}
            </div>
          </section>
        )}
        {node && node.acts.length > 0 && (
          <ActCard guide={guide} node={node} place={about.place} made={walk.made} onAnew={walk.anew} />
        )}
      </div>
      <div className="row">
        {walk.made.length > 0 && <Button onClick={walk.back}>{t("guides.ui.back")}</Button>}
        {walk.made.length > 0 && (
          <Button type="text" onClick={walk.anew}>
            {t("guides.ui.anew")}
          </Button>
        )}
      </div>
    </>
  );
}
