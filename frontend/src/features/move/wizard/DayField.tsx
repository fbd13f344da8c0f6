import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { readDay } from "@/features/move/wizard/days";

/** A day, typed as people type it; kept as 2024-01-31, "" for none. */
export function DayField(props: {
  label: string;
  note: string;
  value: string;
  /** Says whether a day makes sense here. */
  allowed?: (day: string) => boolean;
  onChange: (day: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(props.value);
  const day = readDay(text);
  const wrong = day === undefined || (day !== "" && props.allowed?.(day) === false);
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <Input
        id={id}
        value={text}
        placeholder={t("wizard.advanced.dayNone")}
        status={wrong ? "error" : undefined}
        aria-invalid={wrong}
        aria-describedby={`${id}-n`}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => {
          if (wrong) return;
          setText(day);
          props.onChange(day);
        }}
      />
      <small id={`${id}-n`} className={wrong ? "bad" : undefined}>
        {wrong ? t("wizard.advanced.dayWrong") : props.note}
      </small>
    </div>
  );
}
