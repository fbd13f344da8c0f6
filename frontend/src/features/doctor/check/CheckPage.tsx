import { MedicineBoxOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { Exam, Verdict } from "@/api/doctor";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { ExamForm } from "@/features/doctor/check/ExamForm";
import { FindingList } from "@/features/doctor/check/FindingList";
import { examSections } from "@/features/doctor/check/sheetOf";
import { useExam } from "@/features/doctor/check/useExam";
import { useSheet } from "@/features/doctor/sheet/useSheet";
import { remember } from "@/lib/memory";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

/** One domain in, a traffic-light page out, worst first. */
export function CheckPage({ domain }: { domain: string }) {
  return (
    <VaultGate>
      <Check domain={domain} />
    </VaultGate>
  );
}

function Check({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const run = useExam();
  const started = useRef("");
  const { exam, start } = run;
  useEffect(() => {
    if (domain && started.current !== domain && exam?.domain !== domain) {
      started.current = domain;
      start(domain);
    }
  }, [domain, exam, start]);
  return (
    <div className="doctor-section">
      <ExamForm run={run} />
      {run.trouble && <TroubleCard problem={run.trouble} />}
      {exam && <Result exam={exam} />}
      {!exam && !run.trouble && !run.busy && (
        <EmptyState icon={<MedicineBoxOutlined />} title={t("examine.empty.title")}>
          <p>{t("examine.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}

const lights: Record<Verdict, string> = {
  fail: "bad",
  warn: "warn",
  pass: "good",
  info: "good",
  skipped: "calm",
};

function Result({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const [, go] = useLocation();
  const sheet = useSheet();
  const running = exam.state === "running";
  const counts = {
    fail: exam.counts.fail ?? 0,
    warn: exam.counts.warn ?? 0,
    pass: (exam.counts.pass ?? 0) + (exam.counts.info ?? 0),
  };
  return (
    <>
      <section
        className={`light light-${running ? "calm" : lights[exam.verdict]}`}
        aria-labelledby="exam-title"
      >
        <span className="light-lamp" aria-hidden />
        <div className="grow" aria-live="polite">
          <h2 id="exam-title">
            {exam.shown}
            {!running && <> · {text(`examine.whole.${exam.verdict}`)}</>}
          </h2>
          {running ? (
            <div className="row">
              <Progress
                percent={exam.total ? Math.round((exam.done / exam.total) * 100) : 0}
                showInfo={false}
                size="small"
                aria-label={t("examine.running", { done: exam.done, total: exam.total })}
              />
              <span className="faint tabular">
                {t("examine.running", { done: exam.done, total: exam.total })}
              </span>
            </div>
          ) : (
            <>
              <p>{text(`examine.wholeText.${exam.verdict}`)}</p>
              <p className="faint">
                {t("examine.count", counts)} ·{" "}
                {exam.state === "stopped"
                  ? t("examine.stopped")
                  : t("examine.took", { total: exam.total, duration: format.duration(exam.tookMs / 1000) })}
              </p>
            </>
          )}
        </div>
        {!running && (
          <div className="row wrap no-print light-acts">
            <Button
              onClick={() => {
                remember("dns-domain", exam.shown);
                go("/doctor/dns");
              }}
            >
              {t("examine.records")}
            </Button>
            <Button
              onClick={() => {
                remember("monitor-domain", exam.shown);
                go("/doctor/monitor");
              }}
            >
              {t("examine.watch")}
            </Button>
            <Button onClick={() => sheet.open(examSections(t, text, exam), [exam.domain, exam.shown])}>
              {t("examine.sheet")}
            </Button>
            <Button icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
              {t("examine.print")}
            </Button>
          </div>
        )}
      </section>
      <p className="print-only faint">{t("examine.printed", { when: format.moment(exam.started) })}</p>
      <FindingList findings={exam.findings} running={running} />
      {sheet.dialog}
    </>
  );
}
