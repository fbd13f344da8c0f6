import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, InputNumber } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { UnusualThresholds } from "@/api/records";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";

const rules = [
  "guessed",
  "guessing",
  "new_network",
  "new_hour",
  "burst",
  "forward_outside",
  "few_mails",
  "many_mails",
] as const;

/** Two choices of rules: those that are applied, and those whose findings are told at once. */
const choices = ["off", "alarm"] as const;
type Rule = (typeof rules)[number];

const numbers = [
  ["refused", 2, 10_000],
  ["burstMails", 2, 100_000],
  ["burstMinutes", 1, 1440],
  ["historyDays", 7, 730],
  ["leastSignIns", 1, 10_000],
  ["fewPercent", 1, 90],
  ["manyPercent", 110, 10_000],
  ["leastDays", 3, 12],
] as const;

/** What counts as unusual, to be set. */
export function Thresholds({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const [typed, setTyped] = useState<UnusualThresholds>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const { data } = useQuery({
    queryKey: keys.thresholds(office.id),
    queryFn: () => client.recordJudgement.thresholds(office.id),
  });
  const now = typed ?? data;
  if (!now) return null;
  /** A rule that is not applied finds nothing to tell. */
  const on = (choice: (typeof choices)[number], r: Rule) => choice === "off" || !now.off.includes(r);
  function save(to: UnusualThresholds) {
    setBusy(true);
    setTrouble(undefined);
    client.recordJudgement
      .setThresholds(office.id, to)
      .then((kept) => {
        cache.setQueryData(keys.thresholds(office.id), kept);
        setTyped(undefined);
        void cache.invalidateQueries({ queryKey: [...keys.recordsOf(office.id), "unusual"] });
      })
      .catch((e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(false));
  }
  return (
    <details className="card thresholds">
      <summary>{t("recordsPage.thresholds.title")}</summary>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          save(now);
        }}
      >
        {choices.map((choice) => (
          <fieldset className="rule-list" key={choice}>
            <legend>{t(`recordsPage.thresholds.rules.${choice}`)}</legend>
            {rules.map((r) => (
              <Checkbox
                key={r}
                checked={now[choice].includes(r) === (choice === "alarm") && on(choice, r)}
                disabled={!on(choice, r)}
                onChange={() =>
                  setTyped({
                    ...now,
                    [choice]: now[choice].includes(r)
                      ? now[choice].filter((o) => o !== r)
                      : [...now[choice], r],
                  })
                }
              >
                {t(`recordsPage.unusual.rules.${r}`)}
              </Checkbox>
            ))}
          </fieldset>
        ))}
        <div className="threshold-grid">
          {numbers.map(([name, min, max]) => (
            <div className="field" key={name}>
              <label htmlFor={`${id}-${name}`}>{t(`recordsPage.thresholds.${name}`)}</label>
              <InputNumber
                id={`${id}-${name}`}
                min={min}
                max={max}
                precision={0}
                value={now[name]}
                onChange={(v) => v !== null && setTyped({ ...now, [name]: v })}
              />
            </div>
          ))}
        </div>
        {trouble && <TroubleCard problem={trouble} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={busy} disabled={!typed}>
            {t("recordsPage.thresholds.save")}
          </Button>
          {typed && <Button onClick={() => setTyped(undefined)}>{t("recordsPage.thresholds.back")}</Button>}
        </div>
      </form>
    </details>
  );
}
