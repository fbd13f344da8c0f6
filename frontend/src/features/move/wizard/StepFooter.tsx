import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { type Step, steps, useDraft } from "@/features/move/draft";
import { pathOf } from "@/features/move/wizard/route";

interface Props {
  step: Step;
  /** What is still missing, or what the person can rely on. */
  note?: ReactNode;
  missing?: boolean;
  nextLabel?: string;
  busy?: boolean;
  disabled?: boolean;
  onNext: () => void;
  children?: ReactNode;
}

/** Back, what is missing, and on to the next step. */
export function StepFooter(props: Props) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { id } = useDraft();
  const at = steps.indexOf(props.step);
  const before = steps[at - 1];
  const after = steps[at + 1];
  return (
    <div className="page-footer">
      {before && <Button onClick={() => go(pathOf(id, before))}>{t("wizard.back")}</Button>}
      <span
        className={`grow ${props.missing ? "warn" : "faint"}`}
        role={props.missing ? "status" : undefined}
      >
        {props.note}
      </span>
      {props.children}
      <Button type="primary" loading={props.busy} disabled={props.disabled} onClick={props.onNext}>
        {props.nextLabel ?? (after && t("wizard.next", { step: t(`wizard.step.${after}`) }))}
      </Button>
    </div>
  );
}
