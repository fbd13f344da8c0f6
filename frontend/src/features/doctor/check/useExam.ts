import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { Exam, ExamRequest, Finding, LetterSide, Verdict } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { recall, remember } from "@/lib/memory";

const emptyRequest: ExamRequest = {
  domain: "",
  provider: "",
  leaving: "",
  switching: false,
  ownHost: false,
  parked: false,
  selectors: [],
  sendingIp: [],
  only: [],
  resolver: "",
  spread: false,
  lists: false,
};

export interface ExamRun {
  request: ExamRequest;
  change: (part: Partial<ExamRequest>) => void;
  exam?: Exam;
  trouble?: Problem;
  busy: boolean;
  /** Begins; with a mailbox, it is signed in to as well. */
  start: (domain?: string, mailbox?: LetterSide) => void;
  stop: () => void;
}

const order: Verdict[] = ["fail", "warn", "skipped", "info", "pass"];

/** Worst first, each verdict in the order in which it came. */
export function sorted(findings: Finding[]): Finding[] {
  return order.flatMap((v) => findings.filter((f) => f.verdict === v));
}

/** One examination: starts it, takes in findings as they come, survives leaving the page. */
export function useExam(): ExamRun {
  const client = useClient();
  const [request, setRequest] = useState<ExamRequest>(() => recall("exam-request") ?? emptyRequest);
  const [exam, setExam] = useState<Exam | undefined>(() => recall("exam"));
  const [trouble, setTrouble] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const current = useRef(exam?.id ?? "");
  const wanted = useRef(request);
  wanted.current = request;

  const keep = useCallback((next: Exam) => {
    remember("exam", next);
    setExam(next);
  }, []);

  const refresh = useCallback(
    (id: string) =>
      client.exams.get(id).then(
        (e) => {
          if (current.current === id) keep(e);
        },
        () => undefined,
      ),
    [client, keep],
  );

  useEffect(() => {
    const stops = [
      client.on("exam:found", (e) => {
        if (e.id !== current.current) return;
        setExam((old) => {
          if (!old || old.id !== e.id || e.seq <= old.seq) return old;
          const findings = sorted([...old.findings, ...e.findings]);
          return { ...old, seq: e.seq, done: e.done, total: e.total, findings };
        });
      }),
      client.on("exam:ended", (e) => {
        if (e.id === current.current) void refresh(e.id);
      }),
    ];
    // What came while the person was elsewhere is asked for once.
    if (current.current) void refresh(current.current);
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, refresh]);

  const start = useCallback(
    (domain?: string, mailbox?: LetterSide) => {
      const next = { ...wanted.current, domain: (domain ?? wanted.current.domain).trim() };
      if (!next.domain) return;
      setRequest(next);
      remember("exam-request", next);
      setBusy(true);
      setTrouble(undefined);
      const signedIn = mailbox ? { ...next, mailbox: mailbox.endpoint, outgoing: mailbox.outgoing } : next;
      client.exams.start(signedIn).then(
        (e) => {
          current.current = e.id;
          keep(e);
          setBusy(false);
          // Its end may have come before the answer.
          void refresh(e.id);
        },
        (e: unknown) => {
          setBusy(false);
          setTrouble(problemOf(e));
        },
      );
    },
    [client, keep, refresh],
  );

  return {
    request,
    change: (part) =>
      setRequest((old) => {
        const next = { ...old, ...part };
        remember("exam-request", next);
        return next;
      }),
    exam,
    trouble,
    busy,
    start,
    stop: () => {
      if (current.current) void client.exams.stop(current.current).catch(() => undefined);
    },
  };
}
