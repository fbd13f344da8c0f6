import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { BounceRecipient } from "@/api/doctor";
import { CopyButton } from "@/components/CopyButton";
import { StateTag } from "@/components/StateTag";
import { examine } from "@/lib/examine";
import type { Tone } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

const faultTones: Record<BounceRecipient["fault"], Tone> = {
  sender: "bad",
  recipient: "warn",
  "recipient-side": "warn",
  network: "warn",
  nobody: "calm",
  unknown: "calm",
};

/** One recipient: whose side it is on, why, what to do; the evidence folded. */
export function RecipientCard({ recipient: r }: { recipient: BounceRecipient }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const facts = { list: r.list || t("bounce.someList"), address: r.address, host: r.remote };
  const arrived = r.cause === "delivered" || r.cause === "passed-on";
  const hope = r.delayed ? "delayed" : r.final ? "final" : "temporary";
  return (
    <article className="card bounce-card">
      <div className="row wrap">
        <strong className="clip">{r.address || t("bounce.someone")}</strong>
        <StateTag tone={faultTones[r.fault]}>{t(`bounce.fault.${r.fault}`)}</StateTag>
      </div>
      <h3>{text(`bounce.cause.${r.cause}.what`, facts)}</h3>
      <dl className="facts">
        <dt>{t("bounce.why")}</dt>
        <dd>{text(`bounce.cause.${r.cause}.why`, facts)}</dd>
        <dt>{t("bounce.todo")}</dt>
        <dd>{text(`bounce.cause.${r.cause}.todo`, facts)}</dd>
      </dl>
      {!arrived && (
        <p className="faint">
          {t(`bounce.${hope}`)}
          {r.triesTill > 0 && ` (${t("bounce.until", { when: format.moment(r.triesTill) })})`}
        </p>
      )}
      <div className="row wrap">
        <Acts recipient={r} />
        {r.words && <CopyButton text={r.words} label={t("bounce.copyWords")} />}
      </div>
      <Evidence recipient={r} />
    </article>
  );
}

function Acts({ recipient: r }: { recipient: BounceRecipient }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const domain = r.address.slice(r.address.lastIndexOf("@") + 1);
  const acts: Record<string, (() => void) | undefined> = {
    checkTheirDomain: domain ? () => go(examine(domain)) : undefined,
    checkOwnDomain: () => go(examine("")),
    openDelist: () => go("/doctor/questions/delist"),
    readHeaders: () => go("/doctor/header"),
    openGuideSignIn: () => go("/doctor/guides/sign-in"),
    openGuideClient: () => go("/doctor/guides/client"),
  };
  return (
    <>
      {r.acts.map((act) => {
        if (act === "copyAddress")
          return r.address ? (
            <CopyButton key={act} text={r.address} label={t("bounce.act.copyAddress")} />
          ) : null;
        const run = acts[act];
        return run ? (
          <Button key={act} size="small" onClick={run}>
            {t(`bounce.act.${act as "checkOwnDomain"}`)}
          </Button>
        ) : null;
      })}
    </>
  );
}

function Evidence({ recipient: r }: { recipient: BounceRecipient }) {
  const { t } = useTranslation();
  const rows: [string, string][] = [
    [t("bounce.code"), [r.reply, r.status].filter(Boolean).join(" · ")],
    [t("bounce.remote"), r.remote],
    [t("bounce.rule"), r.rule],
    [t("bounce.source"), r.source],
  ];
  return (
    <details className="folded">
      <summary>{t("bounce.facts")}</summary>
      {r.words && (
        <>
          <p>{t("bounce.words")}</p>
          <pre>{r.words}</pre>
        </>
      )}
      <dl className="facts">
        {rows
          .filter(([, v]) => v)
          .map(([k, v]) => (
            <div key={k} className="facts-row">
              <dt>{k}</dt>
              <dd>{v}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
