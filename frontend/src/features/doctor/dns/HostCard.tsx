import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { AssistTable } from "@/api/doctor";
import { useLink } from "@/features/doctor/useLink";
import { useText } from "@/lib/useText";

/** Where to click at whoever keeps the records, and how its fields are filled in. */
export function HostCard({ host }: { host: AssistTable["dnsHost"] }) {
  const { t, i18n } = useTranslation();
  const text = useText();
  const link = useLink();
  if (!host) return <p className="faint">{t("assistant.host.unknown")}</p>;
  const english = i18n.language === "en";
  const steps = english ? host.stepsEn : host.steps;
  const note = english ? host.note.en : host.note.zh;
  const rules = [
    host.apex && text(`assistant.host.apex.${host.apex}`),
    host.quotes && text(`assistant.host.quotes.${host.quotes}`),
    host.mx && text(`assistant.host.mx.${host.mx}`),
    host.textMost > 0 && t("assistant.host.textMost", { count: host.textMost }),
    host.ttl > 0 && t("assistant.host.ttl", { seconds: host.ttl }),
    note,
  ].filter(Boolean);
  return (
    <details className="card folded">
      <summary>{t("assistant.host.title", { name: english ? host.name.en : host.name.zh })}</summary>
      {steps.length > 0 ? (
        <ol className="points">
          {steps.map((s) => (
            <li key={s}>{s}</li>
          ))}
        </ol>
      ) : (
        <p>{t("assistant.host.noSteps")}</p>
      )}
      <ul className="points">
        {rules.map((r) => (
          <li key={String(r)}>{r}</li>
        ))}
      </ul>
      {host.console && (
        <div className="no-print">
          <Button size="small" onClick={() => link(host.console)}>
            {t("assistant.host.open")}
          </Button>
        </div>
      )}
      <small className="faint">
        {t(host.certain ? "assistant.host.source" : "assistant.host.unsure", { source: host.source })}
      </small>
    </details>
  );
}
