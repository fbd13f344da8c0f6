import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Drawer, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { FolderGroup, FolderRole, FolderRule, Move } from "@/api/types";
import { useMove } from "@/api/useMoves";
import { TroubleCard } from "@/components/TroubleCard";
import { FolderMap } from "@/features/move/check/FolderMap";
import { Planning } from "@/features/move/check/Planning";
import { changeDraft, readDraft, useDraft } from "@/features/move/draft";
import { useMoveAct } from "@/features/move/useMoveAct";
import { GroupTable } from "@/features/move/wizard/GroupTable";
import { pathOf } from "@/features/move/wizard/route";
import { StepFooter } from "@/features/move/wizard/StepFooter";
import { usePlan } from "@/features/move/wizard/usePlan";

/** Where everybody's folders go: one plan for all, and exceptions for some. */
export function FoldersStep() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const draft = useDraft();
  const { data: move, error } = useMove(draft.moveId);
  return (
    <>
      {error && <TroubleCard problem={problemOf(error)} />}
      {!move && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {move && <Plan move={move} />}
      <StepFooter
        step="folders"
        note={t("wizard.folders.promise")}
        disabled={!move || move.state === "planning"}
        onNext={() => go(pathOf(draft.id, "check"))}
      />
    </>
  );
}

function Plan({ move }: { move: Move }) {
  const { t } = useTranslation();
  const act = useMoveAct(move);
  const plan = usePlan();
  if (move.state === "planning") {
    return <Planning move={move} onCancel={() => void act.run((m) => m.cancel(move.id))} />;
  }
  const seen = move.mailboxes.filter((m) => m.estimate && !m.self).length;
  const own = move.mailboxes.filter((m) => !m.self).length;
  return (
    <>
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      {own === 0 && <p className="notice">{t("invite.draft.folders")}</p>}
      {seen < own && (
        <div className="notice row">
          <span className="grow">
            {t(seen === 0 ? "wizard.folders.noneSeen" : "wizard.folders.someUnseen", {
              count: own - seen,
            })}
          </span>
          <Button size="small" onClick={() => void plan(true).catch(() => undefined)}>
            {t("move.check.again")}
          </Button>
        </div>
      )}
      {seen > 0 && <ForAll move={move} />}
    </>
  );
}

const leftOutRoles: FolderRole[] = ["junk", "trash"];

function ForAll({ move }: { move: Move }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [person, setPerson] = useState("");
  const { data: groups, error } = useQuery({
    queryKey: keys.groups(move.id),
    queryFn: () => client.moves.folderGroups(move.id),
  });
  const { folderRules: rules } = move.options;

  async function change(next: FolderRule[]) {
    try {
      const fresh = await client.moves.setFolderRules(move.id, next);
      cache.setQueryData(keys.groups(move.id), fresh);
      changeDraft({ options: { ...readDraft().options, folderRules: next } });
      void cache.invalidateQueries({ queryKey: keys.move(move.id) });
    } catch {
      void message.error(t("move.map.failed"));
    }
  }
  const without = (match: (r: FolderRule) => boolean) => rules.filter((r) => !match(r));
  function changeGroup(g: FolderGroup, part: { skip: boolean; target: string } | undefined) {
    const rest = without((r) => r.source === g.source);
    void change(part ? [...rest, { source: g.source, role: "", ...part }] : rest);
  }
  function leaveOut(role: FolderRole, skip: boolean) {
    const rest = without((r) => r.source === "" && r.role === role);
    void change(skip ? [...rest, { source: "", role, skip: true, target: "" }] : rest);
  }
  const many = move.mailboxes.length > 1;
  const chosen = move.mailboxes.find((m) => m.id === person);
  return (
    <section className="card flush" aria-labelledby="groups-title">
      <div className="card-head">
        <div className="grow">
          <h2 id="groups-title">{t(many ? "wizard.folders.titleAll" : "wizard.folders.titleOne")}</h2>
          <p className="faint">{t("move.map.text")}</p>
        </div>
        {rules.length > 0 && (
          <Button size="small" disabled={!move.can.edit} onClick={() => void change([])}>
            {t("move.map.reset")}
          </Button>
        )}
      </div>
      <div className="card-inset">
        <div className="row wrap">
          {leftOutRoles.map((role) => (
            <Checkbox
              key={role}
              disabled={!move.can.edit}
              checked={rules.some((r) => r.source === "" && r.role === role && r.skip)}
              onChange={(e) => leaveOut(role, e.target.checked)}
            >
              {t(`wizard.folders.skip.${role as "junk" | "trash"}`)}
            </Checkbox>
          ))}
        </div>
      </div>
      {error && <TroubleCard problem={problemOf(error)} />}
      {!groups && !error && <Skeleton active className="card-inset" />}
      {groups && (
        <GroupTable
          groups={groups}
          people={move.mailboxes.length}
          editable={move.can.edit}
          onChange={changeGroup}
        />
      )}
      {many && (
        <div className="card-foot row wrap">
          <span>{t("wizard.folders.exception")}</span>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            className="person-select"
            aria-label={t("wizard.folders.exceptionFor")}
            placeholder={t("wizard.folders.exceptionFor")}
            value={person || null}
            onChange={setPerson}
            options={move.mailboxes
              .filter((m) => m.estimate)
              .map((m) => ({ value: m.id, label: m.label || m.from.user }))}
          />
        </div>
      )}
      <Drawer
        open={chosen !== undefined}
        size={640}
        title={t("wizard.folders.exceptionTitle", { name: chosen?.label ?? "" })}
        onClose={() => {
          setPerson("");
          void cache.invalidateQueries({ queryKey: keys.groups(move.id) });
        }}
      >
        {chosen && (
          <FolderMap
            key={chosen.id}
            move={move}
            mailbox={chosen}
            onFix={() => setPerson("")}
            onChanged={() => changeDraft({ planned: "" })}
          />
        )}
      </Drawer>
    </section>
  );
}
