import { useQueryClient } from "@tanstack/react-query";
import { Checkbox, InputNumber, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Move, MoveOptions, Problem, VerifyLevel } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";

const levels: VerifyLevel[] = ["fingerprint", "bytes", "counts", "none"];
const mega = 1024 * 1024;

/** How to move: proof, pace, and what to leave out. Changes are kept at once. */
export function MoveOptionsForm({ move }: { move: Move }) {
  const { t } = useTranslation();
  const id = useId();
  const client = useClient();
  const cache = useQueryClient();
  const [trouble, setTrouble] = useState<Problem>();
  const { options } = move;

  async function change(part: Partial<MoveOptions>) {
    const mailboxes = move.mailboxes.map(({ label, from, to }) => ({ label, from, to }));
    try {
      const next = await client.moves.edit(move.id, {
        name: move.name,
        mailboxes,
        options: { ...options, ...part },
      });
      cache.setQueryData(keys.move(move.id), next);
      setTrouble(undefined);
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  return (
    <details className="card options">
      <summary>
        <h2>{t("move.options.title")}</h2>
        <span className="faint">{t(`move.options.verifySummary.${options.verify}`)}</span>
      </summary>
      {trouble && <TroubleCard problem={trouble} />}
      <div className="field-grid">
        <div className="field">
          <label htmlFor={`${id}-v`}>{t("move.options.verify")}</label>
          <Select<VerifyLevel>
            id={`${id}-v`}
            value={options.verify}
            disabled={!move.can.edit}
            onChange={(verify) => void change({ verify })}
            options={levels.map((value) => ({ value, label: t(`move.level.${value}`) }))}
          />
          <small>{t(`move.options.verifyNote.${options.verify}`)}</small>
        </div>
        <div className="field">
          <label htmlFor={`${id}-s`}>{t("move.options.speed")}</label>
          <InputNumber
            id={`${id}-s`}
            min={0}
            max={1000}
            disabled={!move.can.edit}
            suffix={t("move.options.speedUnit")}
            placeholder={t("move.options.auto")}
            value={options.bytesPerSecond > 0 ? options.bytesPerSecond / mega : null}
            onChange={(mb) => void change({ bytesPerSecond: Math.round((mb ?? 0) * mega) })}
          />
          <small>{t("move.options.speedNote")}</small>
        </div>
        <div className="field">
          <label htmlFor={`${id}-p`}>{t("move.options.parallel")}</label>
          <InputNumber
            id={`${id}-p`}
            min={1}
            max={16}
            precision={0}
            disabled={!move.can.edit}
            placeholder={t("move.options.auto")}
            value={options.parallel || null}
            onChange={(parallel) => void change({ parallel: parallel ?? 0 })}
          />
          <small>{t("move.options.parallelNote")}</small>
        </div>
      </div>
      <Checkbox
        checked={options.excludeDeleted}
        disabled={!move.can.edit}
        onChange={(e) => void change({ excludeDeleted: e.target.checked })}
      >
        {t("move.options.excludeDeleted")}
      </Checkbox>
    </details>
  );
}
