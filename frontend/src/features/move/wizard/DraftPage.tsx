import { Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { changeDraft, readDraft, type Step, setDraft, useDraft } from "@/features/move/draft";
import { PeopleStep } from "@/features/move/people/PeopleStep";
import { AdvancedOptions } from "@/features/move/wizard/AdvancedOptions";
import { CheckStep } from "@/features/move/wizard/CheckStep";
import { EndStep } from "@/features/move/wizard/EndStep";
import { FoldersStep } from "@/features/move/wizard/FoldersStep";
import { draftFrom } from "@/features/move/wizard/keep";
import { firstOpen } from "@/features/move/wizard/progress";
import { pathOf } from "@/features/move/wizard/route";
import { StepRail } from "@/features/move/wizard/StepRail";
import { TimeStep } from "@/features/move/wizard/TimeStep";
import { useDraftKeeping } from "@/features/move/wizard/useDraftKeeping";

/** A move that is being put together, at one of its steps. */
export function DraftPage({ id, step }: { id: string; step: Step }) {
  const { t } = useTranslation();
  const client = useClient();
  const draft = useDraft();
  const [trouble, setTrouble] = useState<Problem>();

  useEffect(() => {
    if (readDraft().id === id) return;
    setTrouble(undefined);
    client.drafts.get(id).then(
      (kept) => setDraft(draftFrom(kept)),
      (e) => setTrouble(problemOf(e)),
    );
  }, [client, id]);

  if (draft.id === id) return <Wizard step={step} />;
  return (
    <div className="page">
      <PageHeader title={t("move.new.title")} />
      {trouble ? (
        <div className="empty">
          <h2>{t("wizard.gone.title")}</h2>
          <p>{t("wizard.gone.text")}</p>
          <Link href="/move">{t("move.backToList")}</Link>
          {trouble.code !== "not_found" && <TroubleCard problem={trouble} />}
        </div>
      ) : (
        <Skeleton active paragraph={{ rows: 8 }} />
      )}
    </div>
  );
}

function Wizard({ step }: { step: Step }) {
  const { t } = useTranslation();
  const draft = useDraft();
  const [, go] = useLocation();
  useDraftKeeping();
  const open = firstOpen(draft, step);

  useEffect(() => {
    // A step whose ground is missing leads to the one that lacks something.
    if (open !== step) go(pathOf(draft.id, open), { replace: true });
    else if (draft.step !== step) changeDraft({ step });
  }, [open, step, draft.id, draft.step, go]);

  return (
    <div className="page wizard">
      <PageHeader
        above={
          <Link href="/move" className="above">
            {t("nav.move")}
          </Link>
        }
        title={t(draft.change ? "move.new.changeTitle" : "move.new.title")}
        lead={t(`wizard.lead.${open}`)}
      />
      <VaultGate>
        <div className="wizard-body">
          <StepRail current={open} />
          <div className="wizard-step" key={open}>
            {(open === "from" || open === "to") && <EndStep name={open} />}
            {open === "people" && <PeopleStep />}
            {open === "folders" && <FoldersStep />}
            {open === "check" && <CheckStep />}
            {open === "when" && <TimeStep />}
            {open !== "from" && <AdvancedOptions />}
          </div>
        </div>
      </VaultGate>
    </div>
  );
}
