import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, useDraft } from "@/features/move/draft";
import { isBlank, peopleReady } from "@/features/move/draftCheck";
import { goToCell } from "@/features/move/people/cellKeys";
import { PeopleEntry } from "@/features/move/people/PeopleEntry";
import { rowHeight } from "@/features/move/people/PeopleTable";
import { PracticePeople } from "@/features/move/people/PracticePeople";
import { type Findings, useFindings } from "@/features/move/people/useFindings";
import { columnText } from "@/features/move/people/words";
import { pathOf } from "@/features/move/wizard/route";
import { StepFooter } from "@/features/move/wizard/StepFooter";
import { usePlan } from "@/features/move/wizard/usePlan";

/** Whose mail moves. Going on makes the move and lets a dry run look at both sides. */
export function PeopleStep() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const draft = useDraft();
  const findings = useFindings();
  const plan = usePlan();
  const [busy, setBusy] = useState(false);
  const [strict, setStrict] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const practice = draft.from.kind === "practice" || draft.to.kind === "practice";
  const count = draft.people.filter((p) => !isBlank(p)).length;
  const missing = practice ? (peopleReady(draft) ? "" : t("wizard.people.nobody")) : missingText(findings);

  function missingText(f: Omit<Findings, "check">): string {
    if (count === 0) return t("wizard.people.nobody");
    const first = f.blocking[0];
    if (first) {
      return t("wizard.people.missing", {
        count: f.blocking.length,
        row: first.row,
        column: columnText(t, first.column),
      });
    }
    return f.odd.length > 0 ? t("wizard.people.oddLeft", { count: f.odd.length }) : "";
  }

  async function next() {
    setBusy(true);
    setTrouble(undefined);
    try {
      if (!practice) {
        const now = await findings.check();
        const first = now.blocking[0] ?? now.odd[0];
        if (first || count === 0) {
          setStrict(true);
          if (first) goToCell(first.row - 1, first.column, rowHeight);
          return;
        }
      } else if (!peopleReady(draft)) {
        setStrict(true);
        return;
      }
      changeDraft((d) => ({ people: d.people.filter((p) => !isBlank(p)) }));
      if (await plan()) go(pathOf(draft.id, "folders"));
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {practice ? <PracticePeople /> : <PeopleEntry findings={findings} strict={strict} />}
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void next() }} />}
      <StepFooter
        step="people"
        busy={busy}
        missing={strict && missing !== ""}
        note={strict && missing !== "" ? missing : t("move.people.count", { count })}
        onNext={() => void next()}
      />
    </>
  );
}
