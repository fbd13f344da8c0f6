import { InputNumber, Radio, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { MoveOptions } from "@/api/types";
import { ClockSelect } from "@/features/move/when/ClockSelect";
import { FinishLine } from "@/features/move/when/FinishLine";
import { RepeatField } from "@/features/move/when/RepeatField";
import { useForecast } from "@/features/move/when/useForecast";
import { WhenHours } from "@/features/move/when/WhenHours";
import {
  dayOf,
  giga,
  type Mode,
  minutesOf,
  ofMode,
  onDay,
  startDays,
  type When,
} from "@/features/move/when/when";
import { useFormat } from "@/lib/useFormat";

interface Props {
  /** The move whose dry run tells how much there is; "" while there is none. */
  moveId: string;
  /** All options as they would be: the forecast counts every one of them. */
  options: MoveOptions;
  disabled?: boolean;
  onChange: (when: When) => void;
}

const modes: Mode[] = ["now", "at", "nights", "gentle"];

/** When to move: at once, later, at night, or gently; and when it will be done. */
export function WhenStep({ moveId, options, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const forecast = useForecast(moveId, options);
  const { schedule, repeat } = options;
  const now = new Date();
  const change = (part: Partial<typeof schedule>) => onChange({ schedule: { ...schedule, ...part }, repeat });
  return (
    <section className="card when" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("when.title")}</h2>
      <Radio.Group
        className="choices"
        aria-labelledby={`${id}-title`}
        value={schedule.mode}
        disabled={disabled}
        onChange={(e) => onChange({ schedule: ofMode(e.target.value as Mode, schedule, now), repeat })}
      >
        {modes.map((mode) => (
          <Radio key={mode} value={mode}>
            <span className="choice-name">{t(`when.mode.${mode}.name`)}</span>
            <small>{t(`when.mode.${mode}.note`)}</small>
          </Radio>
        ))}
      </Radio.Group>
      {schedule.mode === "at" && (
        <div className="field-row when-part">
          <Select<number>
            aria-label={t("when.day")}
            className="day"
            value={dayOf(schedule.at)}
            disabled={disabled}
            onChange={(day) => change({ at: onDay(day, minutesOf(schedule.at)) })}
            options={startDays(now).map((value) => ({ value, label: format.day(value) }))}
          />
          <ClockSelect
            label={t("when.time")}
            value={minutesOf(schedule.at)}
            disabled={disabled}
            onChange={(minutes) => change({ at: onDay(dayOf(schedule.at), minutes) })}
          />
        </div>
      )}
      {(schedule.mode === "nights" || schedule.mode === "gentle") && (
        <WhenHours schedule={schedule} disabled={disabled} onChange={change} />
      )}
      <div className="field-grid two">
        <div className="field">
          <label htmlFor={`${id}-budget`}>{t("when.budget")}</label>
          <InputNumber
            id={`${id}-budget`}
            min={0}
            max={10_000}
            step={1}
            disabled={disabled}
            suffix={t("when.budgetUnit")}
            placeholder={t("when.noBudget")}
            value={schedule.bytesPerDay > 0 ? Number((schedule.bytesPerDay / giga).toFixed(2)) : null}
            onChange={(gb) => change({ bytesPerDay: Math.round((gb ?? 0) * giga) })}
          />
          <small>{t("when.budgetNote")}</small>
        </div>
        <RepeatField
          repeat={repeat}
          disabled={disabled}
          onChange={(next) => onChange({ schedule, repeat: next })}
        />
      </div>
      <FinishLine forecast={forecast} known={moveId !== ""} />
    </section>
  );
}
