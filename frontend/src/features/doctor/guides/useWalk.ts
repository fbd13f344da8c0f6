import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { FindingEvidence, Guide, GuideNode } from "@/api/doctor";
import { AppError, problem, problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import type { About } from "@/features/doctor/guides/AboutCard";

/** One step that was made: a probe with its outcome, or a question with its answer. */
export interface Made {
  node: GuideNode;
  outcome: string;
  evidence: FindingEvidence[];
  problem?: Problem;
}

const request = "doctor-guide";

/** Walks through a guide: probes run by themselves, questions wait for the person. */
export function useWalk(guide: Guide, about: About | undefined) {
  const client = useClient();
  const [made, setMade] = useState<Made[]>([]);
  const [at, setAt] = useState(guide.start);
  const [failed, setFailed] = useState<Problem>();
  const run = useRef(0);
  const node = guide.nodes.find((n) => n.id === at);

  const go = useCallback(
    (step: Made) => {
      setMade((all) => [...all, step]);
      setAt(step.node.next[step.outcome] ?? guide.start);
    },
    [guide.start],
  );

  useEffect(() => {
    if (!node?.probe || !about) return;
    const mine = ++run.current;
    const settle = (then: () => void) => {
      if (mine === run.current) then();
    };
    client.guides.probe(request, { ...about.probe, probe: node.probe }).then(
      (a) =>
        settle(() => {
          setFailed(undefined);
          go({ node, outcome: a.outcome, evidence: a.evidence, problem: a.problem });
        }),
      (e: unknown) =>
        settle(() => {
          const p = e instanceof AppError ? e.problem : problemOf(e);
          setFailed(p);
          go({ node, outcome: "unknown", evidence: [], problem: p.code ? p : problem("internal") });
        }),
    );
    return () => {
      run.current++;
      void client.app.cancel(request).catch(() => undefined);
    };
  }, [node, about, client, go]);

  return {
    made,
    node,
    failed,
    answer: (choice: string) => node && go({ node, outcome: choice, evidence: [] }),
    /** Back to the last question; probes behind it run anew. */
    back() {
      const last = Math.max(0, made.map((m) => m.node.ask.length > 0).lastIndexOf(true));
      const to = made[last];
      run.current++;
      setMade(made.slice(0, last));
      setAt(to?.node.id ?? guide.start);
    },
    anew() {
      run.current++;
      setMade([]);
      setFailed(undefined);
      setAt(guide.start);
    },
  };
}
