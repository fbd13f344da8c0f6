import { Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { MoveRepeat } from "@/api/types";
import { ClockSelect } from "@/features/move/when/ClockSelect";

interface Props {
  repeat: MoveRepeat;
  disabled?: boolean;
  onChange: (repeat: MoveRepeat) => void;
}

const choices = [0, 3, 6, 12, 24];

/** How often to bring over what has arrived at the old place since. */
export function RepeatField({ repeat, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const hours = choices.includes(repeat.hours) ? choices : [...choices, repeat.hours];
  return (
    <div className="field">
      <label htmlFor={`${id}-repeat`}>{t("when.repeat")}</label>
      <div className="field-row">
        <Select<number>
          id={`${id}-repeat`}
          className="grow"
          value={repeat.hours}
          disabled={disabled}
          onChange={(h) => onChange({ hours: h, at: h === 24 ? repeat.at || 2 * 60 : 0 })}
          options={hours.map((h) => ({
            value: h,
            label: h === 0 ? t("when.never") : h === 24 ? t("when.daily") : t("when.everyHours", { n: h }),
          }))}
        />
        {repeat.hours === 24 && (
          <ClockSelect
            label={t("when.repeatAt")}
            value={repeat.at}
            disabled={disabled}
            onChange={(at) => onChange({ hours: 24, at })}
          />
        )}
      </div>
      <small>{t("when.repeatNote")}</small>
    </div>
  );
}
