import { Button, Checkbox, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import type { RecordSchedule, RecordState } from "@/api/records";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";

const intervals = [0, 15, 30, 60, 180, 360, 720, 1440] as const;

interface Props {
  office: OfficeInfo;
  state: RecordState;
  onState: (state: RecordState) => void;
}

/** How often records are fetched by themselves, and in which hours. */
export function ScheduleForm({ office, state, onState }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const kept = state.schedule;
  const [hours, setHours] = useState<RecordSchedule>();
  const [trouble, setTrouble] = useState<Problem>();
  const now = hours ?? kept;
  function save(to: RecordSchedule) {
    setTrouble(undefined);
    client.recordSources
      .setSchedule(office.id, to)
      .then((next) => {
        setHours(undefined);
        onState(next);
      })
      .catch((e: unknown) => setTrouble(problemOf(e)));
  }
  const clock = (name: "from" | "to") => (
    <Input
      id={`${id}-${name}`}
      type="time"
      className="clock-field"
      aria-label={t(`recordsPage.schedule.${name}`)}
      value={clockOf(now[name])}
      onChange={(e) => setHours({ ...now, [name]: minutesOf(e.target.value, now[name]) })}
    />
  );
  return (
    <div className="stack-tight">
      <div className="row wrap">
        <label htmlFor={id}>{t("recordsPage.schedule.label")}</label>
        <Select
          id={id}
          className="span-select"
          value={kept.every}
          options={intervals.map((m) => ({ value: m, label: t(`recordsPage.schedule.every.${m}`) }))}
          onChange={(every) => save({ ...now, every })}
        />
        {kept.every > 0 && (
          <Checkbox checked={now.hours} onChange={(e) => save({ ...now, hours: e.target.checked })}>
            {t("recordsPage.schedule.hours")}
          </Checkbox>
        )}
        {kept.every > 0 && now.hours && (
          <>
            {clock("from")}
            <span aria-hidden>–</span>
            {clock("to")}
            {hours && (
              <Button disabled={now.from === now.to} onClick={() => save(now)}>
                {t("recordsPage.schedule.keep")}
              </Button>
            )}
          </>
        )}
      </div>
      {trouble && <TroubleCard problem={trouble} />}
    </div>
  );
}

const two = (n: number) => String(n).padStart(2, "0");

function clockOf(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function minutesOf(text: string, otherwise: number): number {
  const [h, m] = text.split(":").map(Number);
  return h === undefined || m === undefined || Number.isNaN(h + m) ? otherwise : h * 60 + m;
}
