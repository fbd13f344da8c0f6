import { CheckCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { type Step, steps, useDraft } from "@/features/move/draft";
import { firstOpen } from "@/features/move/wizard/progress";
import { pathOf } from "@/features/move/wizard/route";
import { useStepWords } from "@/features/move/wizard/useStepWords";

/** The steps with what was decided in each: where one is, and the way back. */
export function StepRail({ current }: { current: Step }) {
  const { t } = useTranslation();
  const draft = useDraft();
  const words = useStepWords();
  const at = steps.indexOf(current);
  return (
    <nav className="rail" aria-label={t("wizard.steps")}>
      <ol>
        {steps.map((step, i) => {
          const open = firstOpen(draft, step) === step && (i <= at || draft.moveId !== "" || i === at);
          const done = i < at;
          const inside = (
            <>
              <span className="rail-mark" aria-hidden>
                {done ? <CheckCircleFilled /> : i + 1}
              </span>
              <span className="rail-words">
                <span className="rail-name">{t(`wizard.short.${step}`)}</span>
                <small className="clip" title={words[step]}>
                  {words[step]}
                </small>
              </span>
            </>
          );
          return (
            <li key={step} className={step === current ? "rail-now" : done ? "rail-done" : undefined}>
              {open ? (
                <Link
                  href={pathOf(draft.id, step)}
                  className="rail-item"
                  aria-current={step === current ? "step" : undefined}
                >
                  {inside}
                </Link>
              ) : (
                <span className="rail-item rail-closed">{inside}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
