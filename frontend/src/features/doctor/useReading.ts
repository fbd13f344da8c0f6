import { useState } from "react";
import type { MailInput } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { recall, remember } from "@/lib/memory";

interface Reading<T> {
  text: string;
  report?: T;
  trouble?: Problem;
  busy: boolean;
}

/** A mail that is read: what was typed, what came of it. Survives leaving the page. */
export function useReading<T>(key: string, read: (input: MailInput) => Promise<T>) {
  const [state, setState] = useState<Reading<T>>(() => recall(key) ?? { text: "", busy: false });
  function change(part: Partial<Reading<T>>) {
    setState((old) => {
      const next = { ...old, ...part };
      remember(key, { ...next, busy: false });
      return next;
    });
  }
  return {
    ...state,
    type: (text: string) => change({ text }),
    forget: () => change({ text: "", report: undefined, trouble: undefined }),
    read(input: MailInput) {
      change({ busy: true, trouble: undefined, report: undefined });
      read(input).then(
        (report) => change({ report, busy: false }),
        (e: unknown) => change({ trouble: problemOf(e), busy: false }),
      );
    },
  };
}
