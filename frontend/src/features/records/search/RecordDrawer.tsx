import { useQuery } from "@tanstack/react-query";
import { Drawer, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordDetail, RecordRow } from "@/api/records";
import { useMakerName } from "@/components/office/useOffice";
import { type RecordText, toneOf, useRecordText } from "@/components/records/useRecordText";
import { TroubleCard } from "@/components/TroubleCard";
import { useFormat } from "@/lib/useFormat";

interface Props {
  office: OfficeInfo;
  shelf: string;
  id: string;
  onClose: () => void;
}

/** One record with all that is known: what it was before, what it belongs to, the source's own words. */
export function RecordDrawer({ office, shelf, id, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const text = useRecordText(office.id);
  const { data, error } = useQuery({
    queryKey: keys.recordRow(shelf, id),
    queryFn: () => client.records.row(shelf, id),
  });
  return (
    <Drawer open size={560} title={data ? text.what(data.row) : t("recordsPage.details")} onClose={onClose}>
      {error && <TroubleCard problem={problemOf(error)} />}
      {!data && !error && <Skeleton active />}
      {data && <Detail detail={data} text={text} />}
    </Drawer>
  );
}

function Detail({ detail, text }: { detail: RecordDetail; text: RecordText }) {
  const { t } = useTranslation();
  const facts = useFacts(detail.row, text);
  const mail = detail.row.kind === "sent" || detail.row.kind === "received" || detail.row.subject !== "";
  return (
    <div className="stack">
      {mail && detail.story.line.length > 0 && (
        <section className="stack-tight" aria-labelledby="record-story">
          <h2 id="record-story">{t("recordsPage.story")}</h2>
          <p>{text.verdict(detail.story)}</p>
        </section>
      )}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div className="facts-row" key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <History detail={detail} text={text} />
      {detail.row.facts.length > 0 && (
        <section className="stack-tight" aria-labelledby="record-raw">
          <h2 id="record-raw">{t("recordsPage.raw")}</h2>
          <dl className="facts">
            {detail.row.facts.map((f) => (
              <div className="facts-row" key={f.name}>
                <dt>
                  <code>{f.name}</code>
                </dt>
                <dd>{f.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}

/** What the record said before it changed. */
function History({ detail, text }: { detail: RecordDetail; text: RecordText }) {
  const { t } = useTranslation();
  if (detail.past.length === 0) return null;
  return (
    <section className="stack-tight" aria-labelledby="record-past">
      <h2 id="record-past">{t("recordsPage.past")}</h2>
      <ol className="points">
        {detail.past.map((p) => (
          <li key={p.until}>
            {t("recordsPage.pastUntil", {
              at: text.moment(p.until),
              outcome: text.outcome(p.row.outcome),
            })}
            {p.row.said && <small className="faint"> · {p.row.said}</small>}
          </li>
        ))}
        <li>
          {t("recordsPage.pastNow")}{" "}
          <span className={toneOf(detail.row.outcome)}>{text.outcome(detail.row.outcome)}</span>
        </li>
      </ol>
    </section>
  );
}

function useFacts(r: RecordRow, text: RecordText): [string, string][] {
  const { t } = useTranslation();
  const format = useFormat();
  const maker = useMakerName();
  const all: [string, string][] = [
    ["at", text.when(r)],
    ["kind", text.kind(r.kind)],
    ["outcome", r.outcome && text.outcome(r.outcome)],
    ["said", r.said],
    ["person", r.person && text.whoExactly(r.person)],
    ["name", r.name === text.who(r.person) ? "" : r.name],
    ["action", text.action(r.action)],
    ["target", r.target],
    ["from", r.from && text.whoExactly(r.from)],
    ["to", r.to.map(text.whoExactly).join(t("list.comma"))],
    ["subject", r.subject],
    ["size", r.size > 0 ? format.bytes(r.size) : ""],
    ["ip", r.ip],
    ["method", text.method(r.method)],
    ["agent", r.agent],
    ["remark", r.remark],
    ["times", r.times > 1 ? format.number(r.times) : ""],
    ["messageId", r.messageId],
    ["id", r.vendorId],
    ["source", r.source === "file" ? t("recordsPage.sourceFile") : maker(r.source)],
  ];
  return all
    .filter(([, value]) => value !== "")
    .map(([name, value]) => [
      name === "size" ? t("recordsPage.sizeLabel") : text.column(name), // with its unit here
      value,
    ]);
}
