import { Checkbox, InputNumber } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { MoveSchedule } from "@/api/types";
import { ClockSelect } from "@/features/move/when/ClockSelect";
import { mega, whenWrong } from "@/features/move/when/when";

interface Props {
  schedule: MoveSchedule;
  disabled?: boolean;
  onChange: (part: Partial<MoveSchedule>) => void;
}

const weekdays = [1, 2, 3, 4, 5, 6, 0];

/** Which hours of which days, and how slow during them. */
export function WhenHours({ schedule, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const days = schedule.days.length === 0 ? weekdays : schedule.days;
  const gentle = schedule.mode === "gentle";
  return (
    <div className="when-part">
      <div className="field-row">
        <span>{t(gentle ? "when.slowFrom" : "when.from")}</span>
        <ClockSelect
          label={t("when.begin")}
          value={schedule.from}
          disabled={disabled}
          onChange={(from) => onChange({ from })}
        />
        <span>{t("when.to")}</span>
        <ClockSelect
          label={t("when.end")}
          value={schedule.to}
          disabled={disabled}
          onChange={(to) => onChange({ to })}
        />
        <span className="faint">{schedule.to <= schedule.from ? t("when.nextDay") : ""}</span>
      </div>
      {whenWrong(schedule) === "hours" && <small className="bad">{t("when.sameHours")}</small>}
      <fieldset className="field days">
        <legend>{t(gentle ? "when.days" : "when.nightsOf")}</legend>
        <Checkbox.Group
          value={days}
          disabled={disabled}
          options={weekdays.map((d) => ({ value: d, label: t(`when.weekday.${d as 0}`) }))}
          onChange={(chosen) => {
            // A week without a day would never begin: the last tick stays.
            if (chosen.length > 0) onChange({ days: chosen.length === 7 ? [] : [...chosen].sort() });
          }}
        />
      </fieldset>
      {gentle && (
        <div className="field narrow-field">
          <label htmlFor={`${id}-slow`}>{t("when.slow")}</label>
          <InputNumber
            id={`${id}-slow`}
            min={0.1}
            max={1000}
            step={0.5}
            disabled={disabled}
            suffix={t("when.slowUnit")}
            value={schedule.slow / mega}
            status={whenWrong(schedule) === "slow" ? "error" : undefined}
            onChange={(mb) => {
              if (mb) onChange({ slow: Math.round(mb * mega) });
            }}
          />
          <small>{t("when.slowNote")}</small>
        </div>
      )}
    </div>
  );
}
