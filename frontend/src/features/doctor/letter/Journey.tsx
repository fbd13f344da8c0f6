import { CheckCircleOutlined, LoadingOutlined, MinusCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { LetterResult } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import { JunkCard } from "@/features/doctor/header/JunkCard";
import { ProofCard } from "@/features/doctor/header/ProofCard";
import { WayCard } from "@/features/doctor/header/WayCard";
import { TrustTrouble } from "@/features/doctor/mailbox/TrustTrouble";
import type { Tone } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

const all = ["ready", "signedIn", "accepted", "arrived", "removed"] as const;
const tones: Record<string, Tone> = { good: "good", slow: "warn", junk: "warn", lost: "bad" };

interface Props {
  steps: string[];
  busy: boolean;
  result?: LetterResult;
  removes: boolean;
  /** The person trusts the certificate that stopped the letter at a step. */
  onTrust: (step: string, pin: string) => void;
}

/** How far a letter has come, and what its journey amounts to. */
export function Journey({ steps, busy, result, removes, onTrust }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const wanted = all.filter((s) => s !== "removed" || removes);
  const done = (s: string) =>
    result
      ? result.times[s] !== undefined
      : steps.includes(s) || (s === "signedIn" && steps.includes("accepted"));
  const now = busy ? wanted.find((s) => !done(s)) : undefined;
  const took = ((result?.times.arrived ?? 0) - (result?.times.accepted ?? 0)) / 1000;
  return (
    <>
      <section className="card" aria-label={t("testLetter.title")} aria-live="polite">
        {result?.judgement && (
          <>
            <div className="row wrap">
              <StateTag tone={tones[result.judgement] ?? "calm"}>
                {text(`testLetter.judgement.${result.judgement}`)}
              </StateTag>
            </div>
            <p>
              {text(`testLetter.judgementText.${result.judgement}`, {
                folder: result.folder,
                duration: format.duration(took),
              })}
            </p>
          </>
        )}
        <ol className="journey">
          {wanted.map((s) => (
            <li key={s} className={done(s) ? "good" : "faint"}>
              {done(s) ? (
                <CheckCircleOutlined aria-hidden />
              ) : s === now ? (
                <LoadingOutlined aria-hidden />
              ) : (
                <MinusCircleOutlined aria-hidden />
              )}
              <span>{t(`testLetter.step.${s}`)}</span>
              {result?.times[s] !== undefined && (
                <span className="faint tabular">
                  {t("testLetter.seconds", { seconds: ((result.times[s] ?? 0) / 1000).toFixed(1) })}
                </span>
              )}
            </li>
          ))}
        </ol>
        {result?.problem && (
          <>
            <p>{t("testLetter.refused", { step: text(`testLetter.step.${result.at}`) })}</p>
            <TrustTrouble problem={result.problem} onTrust={(pin) => onTrust(result.at, pin)} />
          </>
        )}
        {result?.removeProblem && <p className="warn">{t("testLetter.notRemoved")}</p>}
      </section>
      {result?.header && (
        <>
          <JunkCard report={result.header} />
          <ProofCard report={result.header} />
          <WayCard report={result.header} />
        </>
      )}
    </>
  );
}
