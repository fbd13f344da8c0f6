import { useTranslation } from "react-i18next";
import type { HeaderGround, HeaderReport } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import type { Tone } from "@/lib/moves";
import { type Text, useText } from "@/lib/useText";

const tones: Record<HeaderReport["junk"]["verdict"], Tone> = {
  junk: "bad",
  doubt: "warn",
  fine: "good",
  unknown: "calm",
};

/** Why a mail went to junk, as a sentence and with the weight of each ground. */
export function JunkCard({ report }: { report: HeaderReport }) {
  const { t } = useTranslation();
  const text = useText();
  const { verdict, grounds } = report.junk;
  const heaviest = grounds.find((g) => g.weight > 0);
  const sentence =
    (verdict === "junk" || verdict === "doubt") && !heaviest
      ? t(`mailHeader.verdict.${verdict}`)
      : text(`mailHeader.sentence.${verdict}`, { ground: heaviest ? groundText(text, heaviest) : "" });
  return (
    <section className="card" aria-labelledby="junk-title" aria-live="polite">
      <div className="row wrap">
        <h3 id="junk-title">{t("mailHeader.junkTitle")}</h3>
        <StateTag tone={tones[verdict]}>{t(`mailHeader.verdict.${verdict}`)}</StateTag>
      </div>
      <p>{sentence}</p>
      {grounds.length > 0 && (
        <ul className="grounds">
          {grounds.map((g, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
            <li key={i} className={g.weight > 0 ? "ground against" : "ground for"}>
              <span className="ground-weight tabular">
                {g.weight > 0 ? `+${g.weight}` : g.weight}
                <span className="visually-hidden">
                  {g.weight > 0 ? t("mailHeader.against") : t("mailHeader.for")}
                </span>
              </span>
              <span className="ground-bar" aria-hidden>
                <i style={{ width: `${Math.min(100, Math.abs(g.weight))}%` }} />
              </span>
              <span>{groundText(text, g)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The sentence of a ground; codes in its facts become words. */
function groundText(text: Text, g: HeaderGround): string {
  const facts: Record<string, string> = { ...g.facts };
  if (facts.means) facts.means = text(`mailHeader.means.${facts.means}`, facts);
  if (g.code === "oddity") facts.oddity = text(`mailHeader.odd.${facts.oddity}`, facts);
  if (g.code === "symbols") facts.topic = text(`mailHeader.topic.${facts.topic}`);
  if ("policy" in facts) facts.policy = text(`mailHeader.policy.${facts.policy || "unknown"}`);
  if ("why" in facts) facts.why = text(`mailHeader.why.${facts.why || "other"}`);
  return text(`mailHeader.ground.${g.code}`, facts);
}
