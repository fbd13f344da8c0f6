import { useTranslation } from "react-i18next";
import type { HeaderMark, HeaderReport } from "@/api/doctor";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

/** What spam filters wrote, one line a mark, with its source. */
export function MarkCard({ report }: { report: HeaderReport }) {
  const { t } = useTranslation();
  const text = useText();
  if (report.marks.length === 0) return null;
  const facts = (m: HeaderMark) => ({ value: m.value, limit: m.limit, system: m.system });
  return (
    <section className="card" aria-labelledby="marks-title">
      <h3 id="marks-title">{t("mailHeader.marks.title")}</h3>
      <ul className="remarks">
        {report.marks.map((m) => (
          <li key={`${m.field}${m.means}${m.value}`}>
            <span>
              {text("mailHeader.ground.mark", {
                system: m.system,
                means: text(`mailHeader.means.${m.means}`, facts(m)),
              })}
            </span>
            <small className="faint">
              <code>{m.field}</code> · {m.observed ? t("mailHeader.marks.observed") : m.source}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The message's own facts, and what is odd about its form. */
export function MessageFacts({ report: r }: { report: HeaderReport }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const rows: [string, string][] = [
    [t("mailHeader.from"), r.from],
    [t("mailHeader.to"), r.to],
    [t("mailHeader.subject"), r.subject],
    [t("mailHeader.sent"), r.sent > 0 ? format.moment(r.sent) : ""],
    [t("mailHeader.replyTo"), r.replyTo],
    [t("mailHeader.returnPath"), r.returnPath],
    [t("mailHeader.messageId"), r.messageId],
  ];
  return (
    <details className="folded card">
      <summary>{t("mailHeader.facts")}</summary>
      <dl className="facts">
        {rows
          .filter(([, v]) => v)
          .map(([k, v]) => (
            <div key={k} className="facts-row">
              <dt>{k}</dt>
              <dd>{v}</dd>
            </div>
          ))}
      </dl>
      {r.oddities.length > 0 && (
        <>
          <p>{t("mailHeader.oddities")}</p>
          <ul className="points">
            {r.oddities.map((o) => (
              <li key={o.code}>{text(`mailHeader.odd.${o.code}`, o.facts)}</li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
