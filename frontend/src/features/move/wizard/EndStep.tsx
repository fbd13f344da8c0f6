import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { type SideName, useDraft } from "@/features/move/draft";
import { sideGap } from "@/features/move/draftCheck";
import { SideCard } from "@/features/move/ends/SideCard";
import { pathOf } from "@/features/move/wizard/route";
import { StepFooter } from "@/features/move/wizard/StepFooter";

/** Where the mail is now, or where it goes. */
export function EndStep({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const draft = useDraft();
  const [asked, setAsked] = useState(false);
  const gap = sideGap(draft[name]);
  return (
    <>
      <SideCard name={name} />
      <StepFooter
        step={name}
        missing={asked && gap !== undefined}
        note={asked && gap ? t(`move.ends.gap.${gap}`) : t("move.ends.promise")}
        onNext={() => {
          setAsked(true);
          if (!gap) go(pathOf(draft.id, name === "from" ? "to" : "people"));
        }}
      />
    </>
  );
}
