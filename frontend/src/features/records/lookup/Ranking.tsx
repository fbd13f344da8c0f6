import { useTranslation } from "react-i18next";
import type { LookupAnswer } from "@/api/records";
import type { RecordText } from "@/components/records/useRecordText";
import { useFormat } from "@/lib/useFormat";

/** Who has most, with a bar beside each number. */
export function Ranking({ answer, text }: { answer: LookupAnswer; text: RecordText }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (answer.top.length === 0) return null;
  const count = (p: (typeof answer.top)[number]) =>
    answer.verdict === "most_received" ? p.figures.received : p.figures.sent;
  const most = Math.max(1, ...answer.top.map(count));
  return (
    <section className="card" aria-labelledby="ranking">
      <h2 id="ranking">{t("recordsPage.lookup.ranking")}</h2>
      <ol className="ranking">
        {answer.top.map((p) => (
          <li key={p.person}>
            <span className="clip">{text.whoExactly(p.person)}</span>
            <span className="ranking-bar" aria-hidden>
              <span style={{ inlineSize: `${(100 * count(p)) / most}%` }} />
            </span>
            <span className="tabular">{format.number(count(p))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
