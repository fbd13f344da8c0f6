import { ExperimentOutlined, TeamOutlined } from "@ant-design/icons";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import { useMove } from "@/api/useMoves";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { emptyDraft, readDraft, type Step, setDraft } from "@/features/move/draft";
import { draftOf } from "@/features/move/draftInput";
import { planMark } from "@/features/move/wizard/keep";
import { OneMailbox } from "@/features/move/wizard/OneMailbox";
import { beginDraft, pathOf } from "@/features/move/wizard/route";
import { useDrafts } from "@/features/move/wizard/useDrafts";
import { oneDraft } from "@/features/move/wizard/useMoveOne";

/** The beginning of a move: one mailbox in one go, the whole office step by step, or a rehearsal. */
export function NewMovePage({ practice = false }: { practice?: boolean }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const begun = useRef(false);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    if (practice) go(rehearsal(), { replace: true });
    // What is open in the wizard is kept there; this page begins with nothing.
    else if (readDraft().id || readDraft().people.length === 0) setDraft(oneDraft());
  }, [practice, go]);

  if (practice) return null;
  return (
    <div className="page">
      <PageHeader
        above={
          <Link href="/move" className="above">
            {t("nav.move")}
          </Link>
        }
        title={t("move.new.title")}
        lead={t("wizard.begin.lead")}
      />
      <VaultGate>
        <section className="card" aria-labelledby="one-title">
          <div>
            <h2 id="one-title">{t("wizard.one.title")}</h2>
            <p className="faint">{t("wizard.one.text")}</p>
          </div>
          <OneMailbox />
        </section>
      </VaultGate>
      <div className="begin">
        <button type="button" className="begin-card" onClick={() => go(beginDraft(emptyDraft("imap")))}>
          <TeamOutlined aria-hidden />
          <strong>{t("wizard.begin.office")}</strong>
          <span>{t("wizard.begin.officeText")}</span>
        </button>
        <button type="button" className="begin-card" onClick={() => go(rehearsal())}>
          <ExperimentOutlined aria-hidden />
          <strong>{t("wizard.begin.practice")}</strong>
          <span>{t("wizard.begin.practiceText")}</span>
        </button>
      </div>
    </div>
  );
}

/** The practice office on both sides needs no servers: its people come first. */
function rehearsal(): string {
  return beginDraft({ ...emptyDraft("practice"), step: "people", touched: true });
}

/** Opens the wizard on a move that exists: on its draft, or on one made from it. */
export function ExistingMove({ id, step }: { id: string; step: Step }) {
  const { data: move, error } = useMove(id);
  const { data: drafts } = useDrafts();
  const [, go] = useLocation();
  const begun = useRef(false);
  useEffect(() => {
    if (!move || !drafts || begun.current) return;
    begun.current = true;
    const kept = drafts.find((d) => d.moveId === id);
    if (kept) {
      go(pathOf(kept.id, step), { replace: true });
      return;
    }
    const draft = draftOf(move);
    const planned = move.planned || move.state === "planning" ? planMark(draft) : "";
    go(beginDraft({ ...draft, step, planned, touched: true }), { replace: true });
  }, [move, drafts, id, step, go]);
  if (!error) return null;
  return (
    <div className="page narrow">
      <TroubleCard problem={problemOf(error)} />
    </div>
  );
}
