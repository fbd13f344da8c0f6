import { Steps } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSearch } from "wouter";
import { problemOf } from "@/api/errors";
import { useMove } from "@/api/useMoves";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, emptyDraft, readDraft, setDraft, useDraft } from "@/features/move/draft";
import { draftOf } from "@/features/move/draftInput";
import { EndsStep } from "@/features/move/ends/EndsStep";
import { PeopleStep } from "@/features/move/people/PeopleStep";
import { VaultGate } from "@/features/move/VaultGate";

/** Puts a move together: from where to where, then who. The third step is the move's own page. */
export function NewMovePage({ moveId }: { moveId?: string }) {
  return moveId ? <Existing id={moveId} /> : <Fresh />;
}

function Fresh() {
  const practice = useSearch().includes("practice");
  useEffect(() => {
    // A change of an existing move that was left half-way is not this new one.
    if (readDraft().moveId || (practice && readDraft().from.kind !== "practice")) setDraft(emptyDraft());
    // Who did not ask for the practice office has mailboxes of one's own in mind.
    if (!practice && !readDraft().touched) setDraft(emptyDraft("imap"));
  }, [practice]);
  return <Wizard />;
}

function Existing({ id }: { id: string }) {
  const { data: move, error } = useMove(id);
  useEffect(() => {
    if (move && readDraft().moveId !== id) setDraft(draftOf(move));
  }, [move, id]);
  const draft = useDraft();
  if (error) {
    return (
      <div className="page narrow">
        <TroubleCard problem={problemOf(error)} />
      </div>
    );
  }
  return draft.moveId === id ? <Wizard /> : null;
}

function Wizard() {
  const { t } = useTranslation();
  const draft = useDraft();
  return (
    <div className="page">
      <PageHeader title={t(draft.moveId ? "move.new.changeTitle" : "move.new.title")} />
      <Steps
        size="small"
        className="steps"
        current={draft.step}
        onChange={(step) => {
          if (step < draft.step) changeDraft({ step: step as 0 | 1 });
        }}
        items={[
          { title: t("move.new.steps.ends") },
          { title: t("move.new.steps.people"), disabled: draft.step < 1 },
          { title: t("move.new.steps.check"), disabled: true },
        ]}
      />
      <VaultGate>{draft.step === 0 ? <EndsStep /> : <PeopleStep />}</VaultGate>
    </div>
  );
}
