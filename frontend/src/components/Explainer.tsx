import { useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { ExplainedCause, Explanation, LanguageChoice, MailServer, Problem } from "@/api/types";
import { isExplained } from "@/components/trouble";

interface Props {
  problem: Problem;
  /** Id of the provider, "" by the server. */
  provider?: string;
  family?: string;
  host: string;
  /** The same password was refused twice: nothing is sent until something has changed. */
  stopped?: boolean;
  onServer?: (s: MailServer) => void;
  /** Tries once more, after the person did the steps. */
  onStepsDone?: () => void;
}

/** Why a sign-in was refused: the likely causes in order, with the provider's own steps. */
export function Explainer(props: Props) {
  const { t } = useTranslation();
  const { problem, provider = "", family = "", host } = props;
  const client = useClient();
  const { data } = useQuery({
    queryKey: keys.explanation(problem.class, provider, family, host),
    queryFn: () => client.providers.explain(problem.class, provider, family, host),
    enabled: isExplained(problem.class),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data) return null;
  return (
    <div className="explainer">
      <h3>{t("explain.likely")}</h3>
      <ol className="causes">
        {data.causes.map((c, i) => (
          <li key={c.id}>
            <Cause cause={c} explanation={data} host={host} first={i === 0} onServer={props.onServer} />
          </li>
        ))}
      </ol>
      {data.causes.some((c) => c.who === "person") && <CopySteps {...props} />}
      {props.stopped && <Stopped explanation={data} onStepsDone={props.onStepsDone} />}
    </div>
  );
}

function Cause(props: {
  cause: ExplainedCause;
  explanation: Explanation;
  host: string;
  first: boolean;
  onServer?: (s: MailServer) => void;
}) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { cause, explanation: e } = props;
  const english = i18n.language === "en";
  const replace = {
    provider: (english ? e.nameEn : e.nameZh) || props.host,
    secret: english ? e.secretEn : e.secretZh,
  };
  // The keys are made from the data; a test holds them against the texts.
  const say = (key: string) => t(`explain.cause.${cause.id}.${key}` as "explain.likely", { replace });
  const own = Array.from({ length: cause.own }, (_, i) => say(`s${i + 1}`));
  const open = (link: string) => void client.app.openLink(link).catch(() => undefined);
  return (
    <details open={props.first}>
      <summary>
        <strong>{say("title")}</strong>{" "}
        <span className="who">{t(`explain.who.${cause.who as "person" | "admin" | "wait" | "nobody"}`)}</span>
      </summary>
      <p>{say("why")}</p>
      {cause.same && <p className="faint">{t("explain.stepsAbove")}</p>}
      {(cause.steps.length > 0 || own.length > 0) && (
        <ol className="cause-steps">
          {cause.steps.map((s) => (
            <li key={s.textEn}>
              <span className="who">{t(s.admin ? "providers.admin" : "providers.person")}</span>{" "}
              {english ? s.textEn : s.textZh}{" "}
              {s.link && (
                <button type="button" className="link" title={s.link} onClick={() => open(s.link)}>
                  {t("move.ends.openPage")}
                </button>
              )}
            </li>
          ))}
          {own.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
      )}
      <div className="row">
        {props.onServer &&
          cause.servers.map((s) => (
            <Button key={s.host} size="small" onClick={() => props.onServer?.(s)}>
              {t("explain.useServer", { host: s.host })}
              <PlaceNote place={s.place} />
            </Button>
          ))}
        {cause.page && (
          <button type="button" className="link" title={cause.page} onClick={() => open(cause.page)}>
            {t(`explain.link.${cause.link as "mail" | "console" | "help"}`)}
          </button>
        )}
      </div>
    </details>
  );
}

const places = ["hangzhou", "overseas", "old", "own", "export", "paid"] as const;

function PlaceNote({ place }: { place: string }) {
  const { t } = useTranslation();
  const known = places.find((p) => p === place);
  return known ? <small>{t(`explain.place.${known}`)}</small> : null;
}

/** The steps as a text for the person whose mailbox it is. */
function CopySteps({ problem, provider = "", family = "", host }: Props) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  async function copy() {
    const language: LanguageChoice = i18n.language === "en" ? "en" : "zh-CN";
    const mail = await client.providers.explainMail(problem.class, provider, family, host, language);
    await navigator.clipboard.writeText(`${mail.subject}\n\n${mail.body}`);
    void message.success(t("explain.copied"));
  }
  return (
    <p>
      <button type="button" className="link" onClick={() => void copy().catch(() => undefined)}>
        {t("explain.copy")}
      </button>
    </p>
  );
}

/** No third blind try: another password, or the steps done. */
function Stopped({ explanation, onStepsDone }: { explanation: Explanation; onStepsDone?: () => void }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  const byPassword = explanation.causes.every((c) => c.change === "password");
  return (
    <div className="notice" role="note">
      <strong>{t("explain.stopped.title")}</strong>
      <p>{t(byPassword ? "explain.stopped.password" : "explain.stopped.steps")}</p>
      {!byPassword && onStepsDone && (
        <>
          <Checkbox checked={done} onChange={(e) => setDone(e.target.checked)}>
            {t("explain.stopped.done")}
          </Checkbox>
          <Button size="small" disabled={!done} onClick={onStepsDone}>
            {t("trouble.act.again")}
          </Button>
        </>
      )}
    </div>
  );
}
