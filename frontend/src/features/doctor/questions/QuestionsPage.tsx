import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { GuideAdvice } from "@/api/doctor";
import { SearchField } from "@/components/SearchField";
import { useText } from "@/lib/useText";

const everyOrder = ["once", "week", "month", "quarter", "year"];

/** Where an act of the advice leads. Acts that need an address have none here. */
const leads: Record<string, string> = {
  "check-domain": "/doctor",
  "test-letter": "/doctor/letter",
  "read-bounce": "/doctor/bounce",
  "read-header": "/doctor/header",
  "open-move": "/move",
};

/** Questions and answers, and what to do so that nothing breaks. */
export function QuestionsPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const text = useText();
  const client = useClient();
  const [search, setSearch] = useState("");
  const advice = useQuery({
    queryKey: ["advice"],
    queryFn: () => client.guides.advice(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const wanted = search.trim().toLowerCase();
  const found = advice.data?.questions.filter((q) =>
    [text(`guides.question.${q.id}.q`), text(`guides.question.${q.id}.a`), ...q.words].some((w) =>
      w.toLowerCase().includes(wanted),
    ),
  );
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("guides.ui.questionsTitle")}</h2>
        <p className="lead">{t("guides.ui.questionsLead")}</p>
      </div>
      <div className="row">
        <SearchField label={t("guides.ui.search")} value={search} onChange={setSearch} />
      </div>
      {advice.isPending && <Skeleton active />}
      <div className="questions">
        {found?.map((q) => (
          <details key={q.id} className="card question" open={q.id === id}>
            <summary>{text(`guides.question.${q.id}.q`)}</summary>
            <p>{text(`guides.question.${q.id}.a`)}</p>
            <div className="row wrap">
              {q.guide && <Link href={`/doctor/guides/${q.guide}`}>{t("guides.ui.toGuide")}</Link>}
              <Lead act={q.act} />
            </div>
          </details>
        ))}
        {found?.length === 0 && (
          <p>
            {t("guides.ui.nothing")} <Link href="/doctor/guides">{t("guides.ui.all")}</Link>
          </p>
        )}
      </div>
      {advice.data && <Prevention advice={advice.data} />}
    </div>
  );
}

function Lead({ act }: { act: string }) {
  const text = useText();
  const [, go] = useLocation();
  const to = leads[act];
  if (!to) return null;
  return (
    <Button size="small" onClick={() => go(to)}>
      {text(`guides.act.${act}`)}
    </Button>
  );
}

function Prevention({ advice }: { advice: GuideAdvice }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <section className="card" aria-labelledby="prevent-title">
      <h3 id="prevent-title">{t("guides.ui.preventTitle")}</h3>
      <p className="faint">{t("guides.ui.preventLead")}</p>
      {everyOrder.map((every) => (
        <div key={every} className="habits">
          <strong>{text(`guides.every.${every}`)}</strong>
          <ul className="points">
            {advice.prevent
              .filter((p) => p.every === every)
              .map((p) => (
                <li key={p.id}>{text(`guides.prevent.${p.id}`)}</li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
