import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber, Select } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { MoveOptions, Problem, VerifyLevel } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, changeSide, readDraft, type SideName, useDraft } from "@/features/move/draft";
import { inputOf, isServer } from "@/features/move/draftInput";
import { DayField } from "@/features/move/wizard/DayField";
import { keepSoon, optionsKept } from "@/features/move/wizard/keepOptions";

const levels: VerifyLevel[] = ["fingerprint", "bytes", "counts", "none"];
const mega = 1024 * 1024;
const giga = 1024 * mega;

/** What most people never need, each with a sentence and its default; kept at once. */
export function AdvancedOptions() {
  const { t } = useTranslation();
  const id = useId();
  const { options, moveId, from, to } = useDraft();
  const trouble = useKept();
  const change = (part: Partial<MoveOptions>) => changeDraft((d) => ({ options: { ...d.options, ...part } }));
  const servers = (
    [
      ["from", from],
      ["to", to],
    ] as const
  ).filter(([, s]) => isServer(s.kind));
  return (
    <details className="card options">
      <summary>
        <h2>{t("wizard.advanced.title")}</h2>
        <span className="faint">{t("wizard.advanced.note")}</span>
      </summary>
      {trouble && <TroubleCard problem={trouble} />}
      <div className="field-grid">
        <div className="field">
          <label htmlFor={`${id}-v`}>{t("move.options.verify")}</label>
          <Select<VerifyLevel>
            id={`${id}-v`}
            value={options.verify}
            onChange={(verify) => change({ verify })}
            options={levels.map((value) => ({ value, label: t(`move.level.${value}`) }))}
          />
          <small>{t(`move.options.verifyNote.${options.verify}`)}</small>
        </div>
        <NumberField
          label={t("move.options.parallel")}
          note={t("move.options.parallelNote")}
          max={16}
          value={options.parallel}
          onChange={(parallel) => change({ parallel })}
        />
        <NumberField
          label={t("wizard.advanced.connections")}
          note={t("wizard.advanced.connectionsNote")}
          max={8}
          value={options.connections}
          onChange={(connections) => change({ connections })}
        />
        <NumberField
          label={t("move.options.speed")}
          note={t("move.options.speedNote")}
          max={1000}
          unit={t("move.options.speedUnit")}
          value={options.bytesPerSecond > 0 ? options.bytesPerSecond / mega : 0}
          precision={2}
          onChange={(mb) => change({ bytesPerSecond: Math.round(mb * mega) })}
        />
        <NumberField
          label={t("wizard.advanced.daily")}
          note={t("wizard.advanced.dailyNote")}
          max={1000}
          unit={t("wizard.advanced.dailyUnit")}
          value={options.bytesPerDay > 0 ? options.bytesPerDay / giga : 0}
          precision={2}
          onChange={(gb) => change({ bytesPerDay: Math.round(gb * giga) })}
        />
        <DayField
          label={t("wizard.advanced.since")}
          note={t("wizard.advanced.sinceNote")}
          value={options.since}
          allowed={(day) => options.before === "" || day < options.before}
          onChange={(since) => change({ since })}
        />
        <DayField
          label={t("wizard.advanced.before")}
          note={t("wizard.advanced.beforeNote")}
          value={options.before}
          allowed={(day) => day > options.since}
          onChange={(before) => change({ before })}
        />
        <PatternField
          label={t("wizard.advanced.exclude")}
          note={t("wizard.advanced.excludeNote")}
          value={options.exclude}
          onChange={(exclude) => change({ exclude })}
        />
        <PatternField
          label={t("wizard.advanced.include")}
          note={t("wizard.advanced.includeNote")}
          value={options.include}
          onChange={(include) => change({ include })}
        />
        {servers.map(([name]) => (
          <AuthorityField key={name} name={name} />
        ))}
      </div>
      <Checkbox
        checked={options.excludeDeleted}
        onChange={(e) => change({ excludeDeleted: e.target.checked })}
      >
        {t("move.options.excludeDeleted")}
      </Checkbox>
      {moveId !== "" && <p className="faint">{t("wizard.advanced.again")}</p>}
    </details>
  );
}

/** Brings the move in step with what is chosen here, once there is one. */
function useKept(): Problem | undefined {
  const client = useClient();
  const cache = useQueryClient();
  const { options, from, to, moveId } = useDraft();
  const mark = JSON.stringify([options, from.ca, to.ca]);
  const last = useRef(mark);
  const [trouble, setTrouble] = useState<Problem>();
  useEffect(() => {
    if (last.current === mark) return;
    last.current = mark;
    if (!moveId) return;
    keepSoon(async () => {
      if (readDraft().moveId !== moveId) return;
      try {
        // When it moves belongs to the move itself; it may have been changed there.
        const { schedule, repeat } = (await client.moves.get(moveId)).options;
        const input = inputOf(readDraft());
        const next = await client.moves.edit(moveId, {
          ...input,
          options: { ...input.options, schedule, repeat },
        });
        cache.setQueryData(keys.move(moveId), next);
        setTrouble(undefined);
      } catch (e) {
        setTrouble(problemOf(e));
        throw e;
      }
    });
  }, [mark, moveId, client, cache]);
  useEffect(() => () => void optionsKept().catch(() => undefined), []);
  return trouble;
}

function NumberField(props: {
  label: string;
  note: string;
  value: number;
  max: number;
  unit?: string;
  precision?: number;
  onChange: (value: number) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <InputNumber
        id={id}
        min={0}
        max={props.max}
        precision={props.precision ?? 0}
        suffix={props.unit}
        placeholder={t("move.options.auto")}
        value={props.value > 0 ? props.value : null}
        onChange={(v) => props.onChange(v ?? 0)}
      />
      <small>{props.note}</small>
    </div>
  );
}

/** Patterns for folders, one a line. */
function PatternField(props: {
  label: string;
  note: string;
  value: string[];
  onChange: (value: string[]) => void;
}) {
  const id = useId();
  const [text, setText] = useState(props.value.join("\n"));
  const lines = (s: string) =>
    s
      .split("\n")
      .map((l) => l.trim())
      .filter(Boolean);
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <Input.TextArea
        id={id}
        rows={2}
        spellCheck={false}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => props.onChange(lines(text))}
      />
      <small>{props.note}</small>
    </div>
  );
}

/** A file with the authority that signed a server's certificate. */
function AuthorityField({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const { ca } = useDraft()[name];
  return (
    <div className="field">
      <label htmlFor={id}>{t(`wizard.advanced.ca.${name}`)}</label>
      <div className="row">
        <Input
          id={id}
          className="grow"
          value={ca}
          placeholder={t("wizard.advanced.caNone")}
          onChange={(e) => changeSide(name, { ca: e.target.value.trim() })}
        />
        <Button
          onClick={() =>
            void client.endpoints.pickCA().then(
              (path) => path && changeSide(name, { ca: path }),
              () => undefined,
            )
          }
        >
          {t("move.ends.pick")}
        </Button>
      </div>
      <small>{t("wizard.advanced.caNote")}</small>
    </div>
  );
}
