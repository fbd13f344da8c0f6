import { useTranslation } from "react-i18next";
import type { FindingEvidence, Guide } from "@/api/doctor";
import { shortReason } from "@/components/trouble";
import type { Made } from "@/features/doctor/guides/useWalk";
import { useText } from "@/lib/useText";

/** The steps so far: what was asked, what came of it, with the evidence folded. */
export function MadeSteps({ guide, made }: { guide: Guide; made: Made[] }) {
  const { t } = useTranslation();
  const text = useText();
  if (made.length === 0) return null;
  return (
    <ol className="made" aria-label={t("guides.ui.steps")}>
      {made.map((m) => (
        <li key={m.node.id}>
          <span className="made-who">{m.node.probe ? t("guides.ui.machine") : t("guides.ui.you")}</span>
          <div className="grow">
            <span className="faint">
              {m.node.probe
                ? text(`guides.probe.${m.node.probe}.title`)
                : text(`guides.tree.${guide.id}.node.${m.node.id}.text`)}
            </span>{" "}
            <strong>{outcomeText(text, guide.id, m)}</strong>
            {m.problem && (
              <small className="faint">{` ${shortReason(t, m.problem.class || m.problem.code)}`}</small>
            )}
            <EvidenceList evidence={m.evidence} />
          </div>
        </li>
      ))}
    </ol>
  );
}

export function outcomeText(text: ReturnType<typeof useText>, guide: string, m: Made): string {
  if (m.node.probe) return text(`guides.probe.${m.node.probe}.${m.outcome}`);
  return text(
    `guides.tree.${guide}.node.${m.node.id}.choice.${m.outcome}`,
    {},
    text(`guides.choice.${m.outcome}`),
  );
}

/** Evidence in the other side's own words, folded. */
export function EvidenceList({ evidence, summary }: { evidence: FindingEvidence[]; summary?: string }) {
  const { t } = useTranslation();
  if (evidence.length === 0) return null;
  return (
    <details className="folded">
      <summary>{summary ?? t("guides.ui.evidence")}</summary>
      {evidence.map((e, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
        <div key={i}>
          <p className="faint">{e.title}</p>
          {e.text && <pre>{e.text}</pre>}
        </div>
      ))}
    </details>
  );
}
