import { Button, Checkbox, Input, Select } from "antd";
import type { TFunction } from "i18next";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import type { RecordSchedule, RecordState } from "@/api/records";
import type { Problem } from "@/api/types";
import { useMakerName } from "@/components/office/useOffice";
import { useRecordText } from "@/components/records/useRecordText";
import { TroubleCard } from "@/components/TroubleCard";
import { useFormat } from "@/lib/useFormat";

const intervals = [0, 15, 30, 60, 180, 360, 720, 1440] as const;
const backs = [1, 3, 6, 12, 24, 36, 60, 120] as const;

interface Props {
  office: OfficeInfo;
  state: RecordState;
  onState: (state: RecordState) => void;
}

/** How far back records are fetched, how often by themselves, and in which hours. */
export function ScheduleForm({ office, state, onState }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const kept = state.schedule;
  const [hours, setHours] = useState<RecordSchedule>();
  const [trouble, setTrouble] = useState<Problem>();
  const now = hours ?? kept;
  const keeps = useKept(office, state);
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
        <label htmlFor={`${id}-back`}>{t("recordsPage.schedule.back")}</label>
        <Select
          id={`${id}-back`}
          className="span-select"
          value={kept.back}
          options={backs.map((m) => ({ value: m, label: backText(t, m) }))}
          onChange={(back) => save({ ...now, back })}
        />
        <span className="faint">{keeps}</span>
      </div>
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

function backText(t: TFunction, months: number): string {
  return months % 12 === 0
    ? t("recordsPage.schedule.years", { count: months / 12 })
    : t("recordsPage.schedule.months", { count: months });
}

/** What the provider keeps, as far as it is known: no record older than that can be had. */
function useKept(office: OfficeInfo, state: RecordState): string {
  const { t } = useTranslation();
  const maker = useMakerName();
  const format = useFormat();
  const text = useRecordText(office.id);
  const provider = maker(office.provider);
  const days = new Map<number, string[]>();
  for (const s of state.sources) {
    for (const g of s.gaps) {
      if (g.reason !== "too_old" || g.days === 0) continue;
      const kinds = days.get(g.days) ?? [];
      if (!kinds.includes(text.kind(s.kind))) days.set(g.days, [...kinds, text.kind(s.kind)]);
    }
  }
  if (days.size === 1) {
    const [[n, kinds] = [0, []]] = [...days];
    return kinds.length > 1
      ? t("recordsPage.schedule.keeps", { provider, days: format.number(n) })
      : t("recordsPage.schedule.keepsOf", {
          provider,
          what: t("recordsPage.schedule.kept", { kinds: kinds[0], days: format.number(n) }),
        });
  }
  if (days.size > 1) {
    const what = [...days]
      .map(([n, kinds]) =>
        t("recordsPage.schedule.kept", { kinds: kinds.join(t("list.comma")), days: format.number(n) }),
      )
      .join(t("list.comma"));
    return t("recordsPage.schedule.keepsOf", { provider, what });
  }
  return state.sources.some((s) => s.gaps.some((g) => g.reason === "unsure"))
    ? t("recordsPage.schedule.silent", { provider })
    : t("recordsPage.schedule.reach");
}

const two = (n: number) => String(n).padStart(2, "0");

function clockOf(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function minutesOf(text: string, otherwise: number): number {
  const [h, m] = text.split(":").map(Number);
  return h === undefined || m === undefined || Number.isNaN(h + m) ? otherwise : h * 60 + m;
}
