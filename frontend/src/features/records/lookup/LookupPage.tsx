import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import { useDirectory } from "@/components/office/useDirectory";
import { useShelf } from "@/components/records/useShelf";
import { TroubleCard } from "@/components/TroubleCard";
import { AnswerCard } from "@/features/records/lookup/AnswerCard";
import { useAsk, useSettled } from "@/features/records/lookup/useAsk";
import { recall, remember } from "@/lib/memory";

const kept = "records-question";

/** One box: a question in everyday words, and the answer in a sentence. */
export function LookupPage({ office, desk }: { office: OfficeInfo; desk?: boolean }) {
  const { t } = useTranslation();
  const { shelf } = useShelf(office.id);
  const field = useRef<InputRef>(null);
  const [text, setText] = useState(() => recall<string>(kept) ?? "");
  const [composing, setComposing] = useState(false);
  const question = useSettled(text, composing);
  const { data, error, isPlaceholderData } = useAsk(shelf, question);
  const asked = question.trim() !== "";
  useEffect(() => field.current?.focus(), []);

  function ask(next: string) {
    setText(next);
    remember(kept, next);
  }
  return (
    <section className="stack" aria-label={t("recordsPage.section.lookup")}>
      <Input
        ref={field}
        size="large"
        className="ask"
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t("recordsPage.lookup.box")}
        placeholder={t("recordsPage.lookup.placeholder")}
        value={text}
        maxLength={300}
        spellCheck={false}
        onChange={(e) => ask(e.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(e) => {
          if (e.key === "Escape" && text !== "") {
            e.stopPropagation();
            ask("");
          }
        }}
      />
      {!asked && <NothingYet office={office} desk={desk} />}
      {!asked && <Examples office={office} onAsk={ask} />}
      {asked && error && <TroubleCard problem={problemOf(error)} />}
      {asked && data && !error && (
        <div aria-busy={isPlaceholderData || question !== text}>
          <AnswerCard office={office} shelf={shelf} answer={data} desk={desk} onAsk={ask} />
        </div>
      )}
    </section>
  );
}

/** Before anything was fetched: what to do first. */
function NothingYet({ office, desk }: { office: OfficeInfo; desk?: boolean }) {
  const { t } = useTranslation();
  const client = useClient();
  const { archive } = useShelf(office.id);
  const { data } = useQuery({
    queryKey: keys.recordState(office.id),
    queryFn: () => client.recordSources.state(office.id),
  });
  if (archive || !data || data.months.length > 0) return null;
  return (
    <p className="notice">
      {t("recordsPage.lookup.first")}{" "}
      {!desk && <Link href="/records/sources">{t("recordsPage.go.sources")}</Link>}
    </p>
  );
}

/** Questions to press, with people of the office. */
function Examples({ office, onAsk }: { office: OfficeInfo; onAsk: (question: string) => void }) {
  const { t } = useTranslation();
  const { directory } = useDirectory(office.id);
  const people = directory?.people.filter((p) => p.name !== "").slice(0, 3) ?? [];
  const name = (i: number) => people[i % Math.max(1, people.length)]?.name ?? "";
  const questions = [
    ...(people.length > 0
      ? (["arrived", "deleted", "signin"] as const).map((q, i) =>
          t(`recordsPage.lookup.example.${q}`, { name: name(i) }),
        )
      : []),
    t("recordsPage.lookup.example.subject"),
  ];
  return (
    <div className="stack">
      <h2 id="lookup-examples">{t("recordsPage.lookup.examples")}</h2>
      <ul className="examples" aria-labelledby="lookup-examples">
        {questions.map((q) => (
          <li key={q}>
            <button type="button" className="example" onClick={() => onAsk(q)}>
              {q}
            </button>
          </li>
        ))}
      </ul>
      <p className="faint">{t("recordsPage.lookup.hint")}</p>
    </div>
  );
}
