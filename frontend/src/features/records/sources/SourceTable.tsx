import { useTranslation } from "react-i18next";
import type { OfficeInfo } from "@/api/offices";
import type { RecordLack, RecordSource } from "@/api/records";
import { useMakerName } from "@/components/office/useOffice";
import { seenGaps, useRecordText } from "@/components/records/useRecordText";
import { useCodeText } from "@/lib/codeText";

const shownGaps = 5;

interface Props {
  office: OfficeInfo;
  sources: RecordSource[];
  /** What the provider does not hand out. */
  lacks: RecordLack[];
}

/** Which kinds come from where, until when, and what is missing. */
export function SourceTable({ office, sources, lacks }: Props) {
  const { t } = useTranslation();
  const text = useRecordText(office.id);
  const maker = useMakerName();
  const code = useCodeText();
  return (
    <section className="card" aria-labelledby="source-title">
      <h2 id="source-title">{t("recordsPage.sources.title")}</h2>
      <table className="plain-table source-table" aria-labelledby="source-title">
        <thead>
          <tr>
            <th scope="col">{text.column("kind")}</th>
            <th scope="col">{text.column("source")}</th>
            <th scope="col">{t("recordsPage.sources.from")}</th>
            <th scope="col">{t("recordsPage.sources.until")}</th>
            <th scope="col">{t("recordsPage.sources.missing")}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((s) => (
            <tr key={`${s.source}-${s.kind}`}>
              <th scope="row">{text.kind(s.kind)}</th>
              <td>{s.source === "file" ? t("recordsPage.sourceFile") : maker(s.source)}</td>
              <td className="tabular">{text.moment(s.from) || "–"}</td>
              <td className="tabular">{text.moment(s.until) || "–"}</td>
              <td>
                <Gaps source={s} text={text} />
              </td>
            </tr>
          ))}
          {lacks.map((l) => (
            <tr key={`lack-${l.kind}`} className="faint">
              <th scope="row">{text.kind(l.kind)}</th>
              <td>{maker(office.provider)}</td>
              <td colSpan={3}>
                {code("officeReason", l.why || "not_in_api", { provider: maker(office.provider) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Gaps({ source, text }: { source: RecordSource; text: ReturnType<typeof useRecordText> }) {
  const { t } = useTranslation();
  const gaps = seenGaps(source.gaps);
  if (gaps.length === 0 && source.from === 0)
    return <span className="faint">{t("recordsPage.sources.notYet")}</span>;
  if (gaps.length === 0) return <span className="good">{t("recordsPage.sources.complete")}</span>;
  const rest = gaps.length - shownGaps;
  return (
    <ul className="gaps">
      {gaps.slice(-shownGaps).map((g) => (
        <li key={`${g.from}-${g.to}`} className="warn">
          {text.gap(g)}
        </li>
      ))}
      {rest > 0 && <li className="faint">{t("recordsPage.sources.moreGaps", { count: rest })}</li>}
    </ul>
  );
}
