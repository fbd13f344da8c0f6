import { FileSearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordForm } from "@/api/records";
import type { Problem } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { useShelf } from "@/components/records/useShelf";
import { TroubleCard } from "@/components/TroubleCard";
import { useSettled } from "@/features/records/lookup/useAsk";
import { ExportButton } from "@/features/records/search/ExportButton";
import { asked, emptyForm, isEmpty } from "@/features/records/search/form";
import { QueryHelp } from "@/features/records/search/QueryHelp";
import { RecordTable } from "@/features/records/search/RecordTable";
import { SavedSearches } from "@/features/records/search/SavedSearches";
import { SearchForm } from "@/features/records/search/SearchForm";
import { useSearch } from "@/features/records/search/useSearch";
import { recall, remember } from "@/lib/memory";
import { useFormat } from "@/lib/useFormat";

interface State {
  form: RecordForm;
  /** The question in the language, where the person writes it. */
  question: string;
  written: boolean;
}

const kept = "records-search";

/** Every record, by a form or by a question in the language. */
export function SearchPage({ office, asked: given }: { office: OfficeInfo; asked: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const { shelf } = useShelf(office.id);
  const [state, setState] = useState<State>(() =>
    given
      ? { form: emptyForm(), question: given, written: true }
      : (recall<State>(kept) ?? { form: emptyForm(), question: "", written: false }),
  );
  function change(part: Partial<State>) {
    const next = { ...state, ...part };
    setState(next);
    remember(kept, next);
  }
  const form = JSON.stringify(asked(state.form));
  const made = useQuery({
    queryKey: keys.recordQuestion(form),
    queryFn: () => client.records.question(JSON.parse(form) as RecordForm),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const question = useSettled(state.written ? state.question : (made.data ?? ""), false);
  const wrong = !state.written && made.error ? problemOf(made.error) : undefined;

  function turn(written: boolean) {
    change(written ? { written, question: state.question || (made.data ?? "") } : { written });
  }
  return (
    <section className="stack filling" aria-label={t("recordsPage.section.search")}>
      <div className="card">
        <div className="row wrap">
          <Segmented<"form" | "words">
            aria-label={t("recordsPage.search.way")}
            value={state.written ? "words" : "form"}
            options={[
              { value: "form", label: t("recordsPage.search.form") },
              { value: "words", label: t("recordsPage.search.language") },
            ]}
            onChange={(v) => turn(v === "words")}
          />
          <span className="grow" />
          <SavedSearches
            office={office}
            question={question}
            onChoose={(q) => change({ question: q, written: true })}
          />
          <ExportButton shelf={shelf} question={question} />
        </div>
        {state.written ? (
          <>
            <Input
              allowClear
              className="mono"
              aria-label={t("recordsPage.search.question")}
              placeholder={t("recordsPage.search.questionHint")}
              value={state.question}
              spellCheck={false}
              onChange={(e) => change({ question: e.target.value })}
            />
            <QueryHelp />
          </>
        ) : (
          <SearchForm office={office} form={state.form} onChange={(f) => change({ form: f })} />
        )}
        {!state.written && !isEmpty(state.form) && (
          <div className="row">
            <Button onClick={() => change({ form: emptyForm() })}>{t("recordsPage.search.clear")}</Button>
          </div>
        )}
        {wrong && <Wrong problem={wrong} />}
      </div>
      <Results office={office} shelf={shelf} question={question} />
    </section>
  );
}

function Results({ office, shelf, question }: { office: OfficeInfo; shelf: string; question: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch(shelf, question);
  if (search.error) return <Wrong problem={problemOf(search.error)} />;
  if (!search.data) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (search.rows.length === 0) {
    return (
      <EmptyState
        icon={<FileSearchOutlined aria-hidden />}
        title={t(question ? "recordsPage.search.none" : "recordsPage.search.empty")}
      >
        <p>{t(question ? "recordsPage.search.noneText" : "recordsPage.search.emptyText")}</p>
        {!question && <Link href="/records/sources">{t("recordsPage.go.sources")}</Link>}
      </EmptyState>
    );
  }
  const n = format.number(search.rows.length);
  return (
    <>
      <p className="faint" role="status">
        {t(search.hasNextPage ? "recordsPage.search.more" : "recordsPage.search.count", {
          count: search.rows.length,
          n,
        })}
      </p>
      <RecordTable
        office={office}
        shelf={shelf}
        rows={search.rows}
        question={question}
        onEnd={() => {
          if (search.hasNextPage && !search.isFetchingNextPage) void search.fetchNextPage();
        }}
      />
    </>
  );
}

const mistakes = ["value", "bracket", "quote", "long", "empty"] as const;

/** A mistake in the question, with its place; any other trouble as usual. */
function Wrong({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const mistake = mistakes.find((m) => m === problem.args.problem);
  if (problem.code !== "invalid" || !mistake) return <TroubleCard problem={problem} />;
  return (
    <p className="bad" role="alert">
      {t(`recordsPage.mistake.${mistake}`, {
        at: problem.args.at ?? "",
        field: problem.args.field ?? "",
        value: problem.args.value ?? "",
      })}
    </p>
  );
}
