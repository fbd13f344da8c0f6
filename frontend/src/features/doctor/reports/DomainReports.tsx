import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { DMARCReports, DMARCSource } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import { RaisedRecord } from "@/features/doctor/reports/RaisedRecord";
import type { Tone } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

/** Rows that are shown: beyond, senders have a mail or two each. */
const mostRows = 100;

const adviceTones: Record<DMARCReports["advice"], Tone> = {
  wait: "calm",
  mend: "bad",
  raise: "good",
  reached: "good",
};

/** What the reports say about one domain: the advice first, then who sends. */
export function DomainReports({ reports }: { reports: DMARCReports }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useText();
  const id = useId();
  const share = format.percent(reports.passedPer1000, 1000);
  const rest = reports.sources.length - mostRows;
  return (
    <section className="card flush" aria-labelledby={id}>
      <div className="card-head">
        <div className="grow" aria-live="polite">
          <h3 id={id}>{reports.domain}</h3>
          <p className="faint">
            {t("dmarcReports.span", { from: format.day(reports.from), to: format.day(reports.to) })}
            {" · "}
            {t("dmarcReports.sum", {
              count: reports.reports,
              reports: format.number(reports.reports),
              mails: format.number(reports.count),
              share: format.percent(reports.passed, reports.count),
            })}
          </p>
          {reports.policy && <p className="faint">{t("dmarcReports.policy", { policy: reports.policy })}</p>}
          <p>
            <StateTag tone={adviceTones[reports.advice] ?? "calm"}>
              {text(`dmarcReports.advice.${reports.advice}`)}
            </StateTag>
          </p>
          <p>{text(`dmarcReports.adviceText.${reports.advice}`, { share })}</p>
          {reports.advice === "raise" && <RaisedRecord domain={reports.domain} />}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard */}
      <div className="plain-scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table className="plain-table" aria-label={t("dmarcReports.table")}>
          <thead>
            <tr>
              {(["source", "count", "spf", "dkim", "verdict"] as const).map((key) => (
                <th key={key} scope="col">
                  {t(`dmarcReports.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {reports.sources.slice(0, mostRows).map((s) => (
              <SourceRow key={s.ip} source={s} />
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p className="faint card-foot">{t("dmarcReports.rest", { count: rest })}</p>}
    </section>
  );
}

type SourceVerdict = "pass" | "mend" | "part" | "forwarded" | "stranger";

const verdictTones: Record<SourceVerdict, Tone> = {
  pass: "good",
  mend: "bad",
  part: "good",
  forwarded: "calm",
  stranger: "warn",
};

/** What to think of one sender. */
export function verdictOf(s: DMARCSource): SourceVerdict {
  if (s.failing) return "mend";
  if (s.passed === s.count) return "pass";
  if (s.passed + s.forwarded >= s.count) return s.passed > 0 ? "pass" : "forwarded";
  return s.passed > 0 ? "part" : "stranger";
}

function SourceRow({ source }: { source: DMARCSource }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useText();
  const verdict = verdictOf(source);
  const more = text(`dmarcReports.verdictText.${verdict}`, {}, "");
  return (
    <tr>
      <td>
        <span className="two-lines">
          <code>{source.ip}</code>
          {source.signed.length > 0 && (
            <small>{t("dmarcReports.signed", { domains: source.signed.join(", ") })}</small>
          )}
          {source.receivers.length > 0 && (
            <small>{t("dmarcReports.seen", { receivers: source.receivers.join(", ") })}</small>
          )}
        </span>
      </td>
      <td>
        <span className="two-lines">
          {format.number(source.count)}
          {source.stopped > 0 && <small>{t("dmarcReports.stopped", { count: source.stopped })}</small>}
        </span>
      </td>
      <td>{format.percent(source.spf, source.count)}</td>
      <td>{format.percent(source.dkim, source.count)}</td>
      <td>
        <span className="two-lines">
          <span>
            <StateTag tone={verdictTones[verdict]}>{t(`dmarcReports.verdicts.${verdict}`)}</StateTag>
          </span>
          {more && <small>{more}</small>}
        </span>
      </td>
    </tr>
  );
}
