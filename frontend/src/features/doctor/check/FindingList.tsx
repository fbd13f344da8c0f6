import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Finding } from "@/api/doctor";
import { CopyButton } from "@/components/CopyButton";
import { StateTag } from "@/components/StateTag";
import { wordsOf } from "@/features/doctor/check/sheetOf";
import { EvidenceList } from "@/features/doctor/guides/MadeSteps";
import { useLink } from "@/features/doctor/useLink";
import type { Tone } from "@/lib/moves";
import { useText } from "@/lib/useText";

const tones: Record<Finding["verdict"], Tone> = {
  fail: "bad",
  warn: "warn",
  pass: "good",
  info: "calm",
  skipped: "calm",
};

/** Findings, worst first; what is in order and what was skipped stands folded. */
export function FindingList({ findings, running }: { findings: Finding[]; running: boolean }) {
  const { t } = useTranslation();
  const of = (...verdicts: Finding["verdict"][]) => findings.filter((f) => verdicts.includes(f.verdict));
  const good = of("pass");
  const notes = of("info");
  const skipped = of("skipped");
  return (
    <div className="exam-findings">
      {of("fail", "warn").map((f) => (
        <FindingCard key={keyOf(f)} finding={f} />
      ))}
      <Folded title={`${t("examine.notes")} (${notes.length})`} findings={notes} />
      <Folded title={t("examine.good", { count: good.length })} findings={good} />
      {!running && <Folded title={`${t("examine.unchecked")} (${skipped.length})`} findings={skipped} />}
    </div>
  );
}

function keyOf(f: Finding): string {
  return `${f.check} ${f.subject} ${f.reason} ${Object.values(f.facts).join(" ")}`;
}

function Folded({ title, findings }: { title: string; findings: Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <details className="card folded findings-folded">
      <summary>{title}</summary>
      <ul className="remarks">
        {findings.map((f, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a check may say the same twice
          <li key={`${keyOf(f)}${i}`}>
            <span>
              <strong>{wordsOf(f).title}</strong> · {wordsOf(f).text}
            </span>
            <Evidence finding={f} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function FindingCard({ finding: f }: { finding: Finding }) {
  const { t } = useTranslation();
  const text = useText();
  const words = wordsOf(f);
  return (
    <article className={`card finding finding-${tones[f.verdict]}`}>
      <div className="row wrap">
        <StateTag tone={tones[f.verdict]}>{text(`examine.verdict.${f.verdict}`)}</StateTag>
        <h3>{words.title}</h3>
        {f.subject && <span className="faint clip">{f.subject}</span>}
      </div>
      <p>{words.text}</p>
      {words.todo && (
        <p>
          <strong>{t("examine.todo")}</strong> {words.todo}
        </p>
      )}
      <Fixes finding={f} />
      <Evidence finding={f} />
    </article>
  );
}

function Fixes({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const link = useLink();
  return (
    <>
      {finding.fix.map((x, i) =>
        x.value || x.name ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
          <div key={i} className="record">
            <span className="faint">{x.kind === "remove" ? t("examine.remove") : t("examine.record")}</span>
            <dl className="facts">
              <dt>{t("examine.host")}</dt>
              <dd>
                <code>{x.name}</code>
              </dd>
              <dt>{t("examine.type")}</dt>
              <dd>
                <code>{x.type}</code>
              </dd>
              <dt>{t("examine.value")}</dt>
              <dd>
                <code>{x.value}</code>
              </dd>
            </dl>
            <div className="row wrap no-print">
              <CopyButton text={x.value} label={t("examine.copyValue")} />
              <CopyButton text={x.name} label={t("examine.copyName")} />
            </div>
          </div>
        ) : (
          x.link && (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
            <div key={i} className="no-print">
              <Button size="small" onClick={() => link(x.link)}>
                {t("examine.open")}
              </Button>
            </div>
          )
        ),
      )}
    </>
  );
}

function Evidence({ finding: f }: { finding: Finding }) {
  const { t } = useTranslation();
  const source = { kind: "error", title: `${t("examine.source")}: ${f.source} (${f.check})`, text: "" };
  return <EvidenceList evidence={[...f.evidence, source]} summary={t("examine.evidence")} />;
}
