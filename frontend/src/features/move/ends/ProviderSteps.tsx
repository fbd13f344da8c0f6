import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { Suggestion } from "@/api/types";

/** What must be done at a provider before its mailboxes can be opened. */
export function ProviderSteps({ suggestion }: { suggestion: Suggestion | undefined }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  if (!suggestion || suggestion.steps.length === 0) return null;
  const english = i18n.language === "en";
  return (
    <div className="notice">
      <strong>{t("move.ends.stepsTitle", { name: english ? suggestion.nameEn : suggestion.nameZh })}</strong>
      <ol>
        {suggestion.steps.map((step) => (
          <li key={step.textEn}>
            {english ? step.textEn : step.textZh}{" "}
            {step.link && (
              <button
                type="button"
                className="link"
                onClick={() => void client.app.openLink(step.link).catch(() => undefined)}
              >
                {t("move.ends.openPage")}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
