import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, emptyDraft, readDraft, setDraft, useDraft } from "@/features/move/draft";
import { isBlank, peopleReady } from "@/features/move/draftCheck";
import { inputOf } from "@/features/move/draftInput";
import { PeopleEntry } from "@/features/move/people/PeopleEntry";
import { PracticePeople } from "@/features/move/people/PracticePeople";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";

/** Whose mail moves. Going on makes the move and starts its dry run. */
export function PeopleStep() {
  const { t } = useTranslation();
  const client = useClient();
  const keep = useKeepPasswords();
  const [, go] = useLocation();
  const draft = useDraft();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const practice = draft.from.kind === "practice" || draft.to.kind === "practice";
  const count = draft.people.filter((p) => !isBlank(p)).length;

  async function next() {
    setBusy(true);
    setTrouble(undefined);
    try {
      if (!(await keep())) return;
      changeDraft((d) => ({ people: d.people.filter((p) => !isBlank(p)) }));
      const input = inputOf(readDraft());
      const move = draft.moveId
        ? await client.moves.edit(draft.moveId, input)
        : await client.moves.create(input);
      changeDraft({ moveId: move.id });
      await client.moves.plan(move.id);
      setDraft(emptyDraft());
      go(`/move/${move.id}`);
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {practice ? <PracticePeople /> : <PeopleEntry />}
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void next() }} />}
      <div className="page-footer">
        <Button onClick={() => changeDraft({ step: 0 })}>{t("move.people.back")}</Button>
        <span className="faint grow">{t("move.people.count", { count })}</span>
        <Button type="primary" disabled={!peopleReady(draft)} loading={busy} onClick={() => void next()}>
          {t("move.people.next")}
        </Button>
      </div>
    </>
  );
}
