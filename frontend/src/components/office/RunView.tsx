import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Dropdown, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { ChangeResult, ChangeRun } from "@/api/offices";
import { ResultTable } from "@/components/office/ResultTable";
import { useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { useSaveRun } from "@/components/office/useSaveRun";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";
import { useCodeText } from "@/lib/codeText";

interface Props {
  begun: ChangeRun;
  plan: string;
  provider: string;
  onClose: () => void;
  onUndo: (run: ChangeRun) => void;
  onDone?: (run: ChangeRun) => void;
}

const isOver = (run: ChangeRun) => run.state === "done" || run.state === "partly";
const stands = (run: ChangeRun) => run.state === "stopped" || run.state === "interrupted";

/** A run: how far it is, what became of each step, going on and undoing. */
export function RunView({ begun, plan, provider, onClose, onUndo, onDone }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const code = useCodeText();
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const told = useRef(false);
  const { data: run = begun } = useQuery({
    queryKey: keys.run(begun.id),
    queryFn: async () => (await client.changes.results(begun.id, 0, 1)).run,
    initialData: begun,
    // Progress comes as events; this is for those that get lost.
    refetchInterval: (q) => (q.state.data && (isOver(q.state.data) || stands(q.state.data)) ? false : 2000),
  });
  const settled = isOver(run) || stands(run);
  const { data: rows } = useQuery({
    queryKey: [...keys.results(run.id), run.state, run.done, run.failed, run.undone],
    queryFn: async () => {
      const all: ChangeResult[] = [];
      for (;;) {
        const page = await client.changes.results(run.id, all.length, 500);
        all.push(...page.rows);
        if (all.length >= page.total || page.rows.length === 0) return all;
      }
    },
    enabled: settled,
  });
  useEffect(() => {
    if (!isOver(run) || told.current) return;
    told.current = true;
    void cache.invalidateQueries({ queryKey: ["directory", run.office] });
    onDone?.(run);
  }, [run, cache, onDone]);

  const trouble = useOfficeTrouble();
  const openVault = useOpenVault();
  const act = (what: Promise<ChangeRun>) =>
    void what.then((r) => cache.setQueryData(keys.run(r.id), r)).catch(() => undefined);
  // After a restart the keys may have to be opened first.
  async function goOn() {
    const { state } = await client.vault.status();
    if (state !== "locked" || (await openVault())) act(client.changes.resume(run.id));
  }
  const well = (r: ChangeResult) => r.outcome === "done" || r.outcome === "there";
  const bad = rows?.filter((r) => !well(r)) ?? [];
  return (
    <div className="run-view">
      <p role="status">
        <strong>{code("change.state", run.state)}</strong>{" "}
        {t("change.figures", { done: String(run.done), total: String(run.total) })}
        {run.failed > 0 && (
          <span className="bad">{` ${t("change.failedCount", { count: run.failed })}`}</span>
        )}
      </p>
      <Progress
        aria-label={t("change.progress")}
        percent={run.total === 0 ? 100 : Math.round(((run.done + run.failed) / run.total) * 100)}
        status={run.failed > 0 ? "exception" : isOver(run) ? "success" : "normal"}
        showInfo={false}
      />
      {run.problem && stands(run) && <TroubleCard problem={run.problem} text={trouble(run.problem)} />}
      <RunActions run={run} plan={plan} act={act} onGoOn={goOn} onUndo={onUndo} onClose={onClose} />
      {rows && (
        <>
          {bad.length > 0 && bad.length < rows.length && (
            <Checkbox checked={onlyTrouble} onChange={(e) => setOnlyTrouble(e.target.checked)}>
              {t("change.onlyTrouble")}
            </Checkbox>
          )}
          <ResultTable rows={onlyTrouble ? bad : [...bad, ...rows.filter(well)]} provider={provider} />
        </>
      )}
    </div>
  );
}

interface ActionsProps {
  run: ChangeRun;
  plan: string;
  act: (what: Promise<ChangeRun>) => void;
  onGoOn: () => Promise<void>;
  onUndo: (run: ChangeRun) => void;
  onClose: () => void;
}

function RunActions({ run, plan, act, onGoOn, onUndo, onClose }: ActionsProps) {
  const { t } = useTranslation();
  const client = useClient();
  const { save, withPasswords, setWithPasswords, hasPasswords } = useSaveRun(run, plan);
  return (
    <>
      {stands(run) && <p className="faint">{t("change.goOnHint")}</p>}
      <div className="row wrap">
        {run.state === "running" && (
          <Button onClick={() => act(client.changes.stop(run.id))}>{t("change.stop")}</Button>
        )}
        {stands(run) && (
          <Button type="primary" onClick={() => void onGoOn()}>
            {t("change.goOn")}
          </Button>
        )}
        {run.state === "partly" && <Button onClick={() => void onGoOn()}>{t("change.tryAgain")}</Button>}
        {run.canUndo > 0 && run.undone === "" && run.state !== "running" && run.state !== "stopping" && (
          <Button onClick={() => onUndo(run)}>
            {run.canUndo === run.total ? t("change.undo") : t("change.undoSome", { count: run.canUndo })}
          </Button>
        )}
        {(isOver(run) || stands(run)) && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "xlsx", label: t("change.saveXLSX") },
                { key: "csv", label: t("change.saveCSV") },
              ],
              onClick: ({ key }) => save(key === "csv" ? "csv" : "xlsx"),
            }}
          >
            <Button aria-haspopup="menu">{t("change.save")}</Button>
          </Dropdown>
        )}
        <Button onClick={onClose}>{t("change.close")}</Button>
      </div>
      {hasPasswords && (isOver(run) || stands(run)) && (
        <Checkbox checked={withPasswords} onChange={(e) => setWithPasswords(e.target.checked)}>
          {t("change.withPasswords")}
        </Checkbox>
      )}
    </>
  );
}
