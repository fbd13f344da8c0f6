import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { LookupAnswer } from "@/api/records";
import { useMakerName } from "@/components/office/useOffice";
import { type RecordText, seenGaps, unsure, useRecordText } from "@/components/records/useRecordText";
import { stepOf, toneOfVerdict } from "@/features/records/lookup/next";
import { Ranking } from "@/features/records/lookup/Ranking";
import { Strangers } from "@/features/records/lookup/Strangers";
import { TimeLine } from "@/features/records/lookup/TimeLine";
import { layOut, readable } from "@/lib/returned";
import { useFormat } from "@/lib/useFormat";

interface Props {
  office: OfficeInfo;
  shelf: string;
  answer: LookupAnswer;
  /** At the front desk nothing leads away from the box. */
  desk?: boolean;
  onAsk: (question: string) => void;
}

/** The answer in a sentence first, the evidence beneath, and what to do next. */
export function AnswerCard({ office, shelf, answer: first, desk, onAsk }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const text = useRecordText(office.id);
  const [other, setOther] = useState<{ of: LookupAnswer; id: string }>();
  const chosen = other?.of === first ? other.id : "";
  const { data: traced } = useQuery({
    queryKey: keys.trace(shelf, chosen),
    queryFn: () => client.recordLookup.trace(shelf, chosen),
    enabled: chosen !== "",
  });
  const answer = (chosen && traced) || first;
  const mail = answer.facts.subject !== "" || answer.facts.from !== "";
  const counted = answer.verdict.startsWith("counted");
  return (
    <div className="stack">
      <section className={`card answer answer-${toneOfVerdict(answer.verdict)}`} aria-labelledby="the-answer">
        <h2 id="the-answer">
          <span role="status">{text.verdict(answer)}</span>
        </h2>
        <Strangers answer={answer} text={text} onAsk={onAsk} />
        {counted && <Counted answer={answer} />}
        {mail && <Mail answer={answer} text={text} />}
        {answer === first && !counted && <NewestOf answer={answer} />}
        {answer.facts.said && (
          <p className="faint">
            {t("recordsPage.lookup.said")} <q>{answer.facts.said}</q>
          </p>
        )}
        <Gaps answer={answer} text={text} />
        <Looked answer={answer} text={text} />
        <Next answer={answer} desk={desk} />
        <Understood answer={first} text={text} />
      </section>
      <Ranking answer={answer} text={text} />
      {answer.line.length > 0 && (
        <section className="card" aria-labelledby="evidence">
          <h2 id="evidence">{t("recordsPage.lookup.evidence")}</h2>
          <TimeLine rows={answer.line} text={text} office={office} shelf={shelf} desk={desk} />
        </section>
      )}
      {first.others.length > 0 && (
        <section className="card" aria-labelledby="others">
          <h2 id="others">
            {t(
              first.verdict === "that_time" || first.verdict.startsWith("counted")
                ? "recordsPage.lookup.then"
                : "recordsPage.lookup.others",
            )}
          </h2>
          <ul className="others">
            {first.others.map((r) => (
              <li key={r.id}>
                <button
                  type="button"
                  className="other"
                  aria-pressed={chosen === r.id}
                  onClick={() => setOther(chosen === r.id ? undefined : { of: first, id: r.id })}
                >
                  <span className="tabular faint">{text.moment(r.at)}</span>
                  <span className="clip">{text.what(r)}</span>
                  <span className="clip faint">{text.parties(r)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="row">
        <Button onClick={() => onAsk("")}>{t("recordsPage.lookup.again")}</Button>
      </div>
    </div>
  );
}

/** What the counted mails weigh; the newest of them follows. */
function Counted({ answer }: { answer: LookupAnswer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { bytes } = answer.facts;
  return (
    <p className="faint">
      {bytes > 0
        ? t("recordsPage.lookup.latestSize", { size: format.bytes(bytes) })
        : t("recordsPage.lookup.latest")}
    </p>
  );
}

/** Of how many mails the answer is told. */
function NewestOf({ answer }: { answer: LookupAnswer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { count, more } = answer.facts;
  const about = answer.question.about;
  if (count < 2 || answer.line.length === 0 || (about !== "mail" && about !== "deleted")) return null;
  return (
    <p className="faint">
      {t("recordsPage.lookup.newest", { n: more ? `${format.number(count)}+` : format.number(count) })}
    </p>
  );
}

function Mail({ answer, text }: { answer: LookupAnswer; text: RecordText }) {
  const { t } = useTranslation();
  const { subject, from, to } = answer.facts;
  return (
    <dl className="facts">
      {subject && (
        <>
          <dt>{text.column("subject")}</dt>
          <dd>{subject}</dd>
        </>
      )}
      {from && (
        <>
          <dt>{text.column("from")}</dt>
          <dd>{text.whoExactly(from)}</dd>
        </>
      )}
      {to && (
        <>
          <dt>{text.column("to")}</dt>
          <dd>{to.split(", ").map(text.whoExactly).join(t("list.comma"))}</dd>
        </>
      )}
    </dl>
  );
}

/** What is missing, where the answer could hang on it. */
function Gaps({ answer, text }: { answer: LookupAnswer; text: RecordText }) {
  const { t } = useTranslation();
  const shown = [...new Set(seenGaps(answer.facts.gaps).map(text.gap))].slice(0, 6);
  if (shown.length === 0) return null;
  return (
    <ul className="points" aria-label={t("recordsPage.lookup.gaps")}>
      {shown.map((g) => (
        <li key={g}>{g}</li>
      ))}
    </ul>
  );
}

/** Who told what was looked through, and of which days. */
function Looked({ answer, text }: { answer: LookupAnswer; text: RecordText }) {
  const { t } = useTranslation();
  const maker = useMakerName();
  const sources = answer.facts.sources;
  if (sources.length === 0) return null;
  const name = (source: string) =>
    source === ""
      ? t("recordsPage.imported")
      : source === "file"
        ? t("recordsPage.sourceFile")
        : maker(source);
  return (
    <p className="faint understood">
      {t("recordsPage.lookup.looked")}{" "}
      {sources
        .map((s) =>
          t("recordsPage.lookup.source", {
            source: name(s.source),
            from: text.moment(s.from),
            to: text.moment(s.to),
          }),
        )
        .join(" · ")}
    </p>
  );
}

function Next({ answer, desk }: { answer: LookupAnswer; desk?: boolean }) {
  const { t } = useTranslation();
  const step = stepOf(unsure(answer) ? "no_trace_half" : answer.verdict, answer.question.about);
  if (!step) return null;
  const { said } = answer.facts;
  const fill = step.go === "bounce" && readable(said) ? () => layOut(said) : undefined;
  return (
    <p className="next">
      <strong>{t("recordsPage.lookup.next")}</strong>{" "}
      {t(`recordsPage.next.${fill && !desk ? "said" : step.text}`)}{" "}
      {step.path && step.go && !desk && (
        <Link href={step.path} onClick={fill}>
          {t(`recordsPage.go.${fill ? "explain" : step.go}`)}
        </Link>
      )}
    </p>
  );
}

/** What the question was taken for, so that a misunderstanding is seen. */
function Understood({ answer, text }: { answer: LookupAnswer; text: RecordText }) {
  const { t } = useTranslation();
  const format = useFormat();
  const q = answer.question;
  if (answer.verdict === "ask_more") return null;
  if (answer.verdict.startsWith("most_")) return null; // the sentence says it all
  const parts = [
    t(`recordsPage.about.${q.about || "mail"}`),
    ...q.outcomes.slice(0, 1).map(text.outcome),
    ...q.actions.slice(0, 1).map(text.action),
    ...q.who.map(text.whoExactly),
    q.anyOf.map(text.whoExactly).join(t("list.comma")),
    q.words && t("recordsPage.lookup.words", { words: q.words }),
    q.larger > 0 && t("recordsPage.lookup.larger", { size: format.bytes(q.larger) }),
    q.smaller > 0 && t("recordsPage.lookup.smaller", { size: format.bytes(q.smaller) }),
    q.from > 0 || q.to > 0 ? text.span(q.from, q.to) : t("recordsPage.lookup.anyTime"),
  ].filter(Boolean);
  return (
    <p className="faint understood">
      {t("recordsPage.lookup.understood")} {parts.join(" · ")}
    </p>
  );
}
