import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AuthResult, HeaderReport, HeaderSignature } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import type { Tone } from "@/lib/moves";
import { useText } from "@/lib/useText";

function toneOf(result: AuthResult): Tone {
  switch (result) {
    case "pass":
      return "good";
    case "fail":
    case "permerror":
    case "policy":
      return "bad";
    case "softfail":
    case "temperror":
      return "warn";
    default:
      return "calm";
  }
}

/** SPF, DKIM, DMARC and ARC: whose word it is, and what counts. */
export function ProofCard({ report }: { report: HeaderReport }) {
  const { t } = useTranslation();
  const text = useText();
  const { dmarc, arc } = report;
  return (
    <section className="card" aria-labelledby="proof-title">
      <h3 id="proof-title">{t("mailHeader.proof.title")}</h3>
      <dl className="proofs">
        <Proof name={t("mailHeader.proof.spf")} result={report.spf}>
          {report.spfDomain}
          {report.spfReason && <small>{report.spfReason}</small>}
        </Proof>
        {report.dkim.length === 0 && (
          <Proof name={t("mailHeader.proof.dkim")} result="none">
            {t("mailHeader.proof.noSignature")}
          </Proof>
        )}
        {report.dkim.map((s) => (
          <Signature key={`${s.domain}/${s.selector}/${s.algorithm}`} signature={s} />
        ))}
        <Proof name={t("mailHeader.proof.dmarc")} result={dmarc.result}>
          {report.fromDomain}
          {dmarc.policy && (
            <small>
              {t("mailHeader.proof.policyIs", {
                domain: dmarc.at || report.fromDomain,
                policy: text(`mailHeader.policy.${dmarc.policy}`),
              })}
            </small>
          )}
          {dmarc.record && <code>{dmarc.record}</code>}
        </Proof>
        {arc.result !== "none" && (
          <Proof name={t("mailHeader.proof.arc")} result={arc.result}>
            {arc.seals.map((s) => s.domain).join(" → ")}
            {arc.reason && <small>{text(`mailHeader.why.${arc.reason}`)}</small>}
          </Proof>
        )}
      </dl>
      {!report.whole && report.dkim.length > 0 && <p className="faint">{t("mailHeader.proof.whole")}</p>}
    </section>
  );
}

function Signature({ signature: s }: { signature: HeaderSignature }) {
  const { t } = useTranslation();
  const text = useText();
  const own = s.verified !== "" && s.verified !== "temperror";
  return (
    <Proof name={t("mailHeader.proof.dkim")} result={own ? s.verified : s.claimed || s.verified}>
      {`${s.domain} · ${s.selector} · ${s.algorithm}`}
      <small>{own ? t("mailHeader.proof.verified") : t("mailHeader.proof.claimed")}</small>
      {s.reason && <small>{text(`mailHeader.why.${s.reason}`)}</small>}
    </Proof>
  );
}

function Proof({ name, result, children }: { name: string; result: AuthResult; children: ReactNode }) {
  const text = useText();
  return (
    <div className="proof">
      <dt>{name}</dt>
      <dd>
        <StateTag tone={toneOf(result)}>{text(`mailHeader.result.${result || "unknown"}`)}</StateTag>
        <span className="proof-detail">{children}</span>
      </dd>
    </div>
  );
}
