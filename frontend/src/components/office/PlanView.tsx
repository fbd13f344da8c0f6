import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChangePlan } from "@/api/offices";
import { PlanSteps } from "@/components/office/PlanSteps";

interface Props {
  plan: ChangePlan;
  provider: string;
  onApply: (typed: string) => Promise<void>;
  /** Looks again and takes what the provider has now for what was seen. */
  onAnyway?: () => void;
  onCancel: () => void;
}

/** A plan with the button that carries it out; what deletes must be typed. */
export function PlanView({ plan, provider, onApply, onAnyway, onCancel }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useId();
  const mustType = plan.danger === "typed" && plan.typed !== "";
  const ready = plan.ready > 0 && (!mustType || typed.trim() === plan.typed);
  async function apply() {
    setBusy(true);
    await onApply(typed.trim());
    setBusy(false);
  }
  return (
    <div className="plan-view">
      <p role="status">
        {plan.steps.length === 0
          ? t("change.nothing")
          : plan.ready === 0
            ? t("change.noneReady")
            : t("change.ready", { count: plan.ready })}
        {plan.ready > 0 && plan.refused > 0 && (
          <span className="warn">
            {t("list.join")}
            {t("change.refused", { count: plan.refused })}
          </span>
        )}
      </p>
      <PlanSteps steps={plan.steps} provider={provider} />
      {plan.danger === "confirm" && plan.ready > 0 && (
        <p className="warn">
          {t(plan.steps.some((s) => s.danger === "confirm") ? "change.confirmNote" : "change.manyNote")}
        </p>
      )}
      {mustType && plan.ready > 0 && (
        <div className="field">
          <label htmlFor={id}>{t("change.typeLabel", { typed: plan.typed })}</label>
          <Input
            id={id}
            value={typed}
            autoComplete="off"
            onChange={(e) => setTyped(e.target.value)}
            onPressEnter={() => {
              if (ready && !busy) void apply();
            }}
          />
        </div>
      )}
      <div className="row">
        {plan.ready > 0 && (
          <Button
            type="primary"
            danger={plan.danger === "typed"}
            disabled={!ready}
            loading={busy}
            onClick={() => void apply()}
          >
            {plan.ready === 1 ? t("change.apply") : t("change.applyMany", { count: plan.ready })}
          </Button>
        )}
        {onAnyway && plan.steps.some((s) => s.refusal && s.refusal.clash.length > 0) && (
          <Button onClick={onAnyway}>{t("change.anyway")}</Button>
        )}
        <Button onClick={onCancel}>{t(plan.ready > 0 ? "change.cancel" : "change.close")}</Button>
      </div>
    </div>
  );
}
