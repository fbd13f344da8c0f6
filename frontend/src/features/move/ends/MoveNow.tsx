import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, type Draft, emptyDraft, readDraft, setDraft } from "@/features/move/draft";
import { isBlank, peopleReady, sideGap } from "@/features/move/draftCheck";
import { inputOf } from "@/features/move/draftInput";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";

/** Whether the first step already holds all that moving one mailbox needs. */
export function isOneMailbox(draft: Draft): boolean {
  if (draft.from.kind !== "imap" || draft.to.kind !== "imap" || draft.moveId) return false;
  if (sideGap(draft.from) || sideGap(draft.to)) return false;
  return draft.people.filter((p) => !isBlank(p)).length === 1 && peopleReady(draft);
}

/** Moves the one mailbox that was entered, without further questions. */
export function MoveNow() {
  const { t } = useTranslation();
  const client = useClient();
  const keep = useKeepPasswords();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();

  async function move() {
    setBusy(true);
    setTrouble(undefined);
    try {
      if (!(await keep())) return;
      changeDraft((d) => ({ people: d.people.filter((p) => !isBlank(p)) }));
      const made = await client.moves.create(inputOf(readDraft()));
      changeDraft({ moveId: made.id });
      await client.moves.start(made.id);
      setDraft(emptyDraft());
      go(`/move/${made.id}`);
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void move() }} />}
      <Button type="primary" loading={busy} onClick={() => void move()}>
        {t("providers.moveNow")}
      </Button>
    </>
  );
}
