import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { ProviderInfo, ProviderStep } from "@/api/types";

/** What must be done at a provider before its mailboxes can be opened. */
export function ProviderSteps({ provider }: { provider: ProviderInfo | undefined }) {
  const { t, i18n } = useTranslation();
  if (!provider || provider.steps.length === 0) return null;
  const english = i18n.language === "en";
  return (
    <details className="notice steps-notice">
      <summary>
        <strong>{t("move.ends.stepsTitle", { name: english ? provider.nameEn : provider.nameZh })}</strong>
      </summary>
      <StepList steps={provider.steps} />
      {provider.help && (
        <p>
          <PageLink link={provider.help} label={t("providers.helpPage")} />
        </p>
      )}
    </details>
  );
}

/** Numbered steps, each marked with who does it. */
function StepList({ steps }: { steps: ProviderStep[] }) {
  const { t, i18n } = useTranslation();
  const english = i18n.language === "en";
  const mixed = steps.some((s) => s.admin) && steps.some((s) => !s.admin);
  return (
    <ol>
      {steps.map((step) => (
        <li key={step.textEn}>
          {mixed && <span className="who">{t(step.admin ? "providers.admin" : "providers.person")}</span>}{" "}
          {english ? step.textEn : step.textZh}{" "}
          {step.link && <PageLink link={step.link} label={t("move.ends.openPage")} />}
        </li>
      ))}
    </ol>
  );
}

/** Opens a provider's page in the browser. */
function PageLink({ link, label }: { link: string; label: string }) {
  const client = useClient();
  return (
    <button
      type="button"
      className="link"
      title={link}
      onClick={() => void client.app.openLink(link).catch(() => undefined)}
    >
      {label}
    </button>
  );
}
