import { useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { DMARCReports, MailInput } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { recall, remember } from "@/lib/memory";

/** A file that was handed in, with the name that people know. */
export interface ReportFile {
  name: string;
  input: MailInput;
}

interface State {
  files: ReportFile[];
  reports: DMARCReports[];
  /** Names of files that could not be read. */
  skipped: string[];
  trouble?: Problem;
  busy: boolean;
}

const nothing: State = { files: [], reports: [], skipped: [], busy: false };

/** Reports that were handed in and what they say together. Survives leaving the page. */
export function useReports() {
  const client = useClient();
  const [state, setState] = useState<State>(() => recall("dmarc-reports") ?? nothing);
  // Files may be added while others are read: the newest list counts, in order.
  const latest = useRef(state);
  const queue = useRef(Promise.resolve());

  function change(part: Partial<State>) {
    latest.current = { ...latest.current, ...part };
    remember("dmarc-reports", { ...latest.current, busy: false });
    setState(latest.current);
  }
  async function read(added: ReportFile[]) {
    const { files: kept, skipped } = latest.current;
    change({ busy: true, trouble: undefined });
    const sum = (files: ReportFile[]) => client.exams.readReports(files.map((f) => f.input));
    try {
      const files = [...kept, ...added];
      change({ files, reports: await sum(files), busy: false });
    } catch {
      // One file that is no report must not keep the others out.
      const good: ReportFile[] = [];
      const bad: string[] = [];
      let trouble: Problem | undefined;
      for (const file of added) {
        await sum([file]).then(
          () => good.push(file),
          (e: unknown) => {
            bad.push(file.name);
            trouble ??= problemOf(e);
          },
        );
      }
      const files = [...kept, ...good];
      const reports = good.length > 0 ? await sum(files).catch(() => undefined) : latest.current.reports;
      change({
        files: reports ? files : kept,
        reports: reports ?? latest.current.reports,
        skipped: [...skipped, ...bad],
        trouble: good.length === 0 ? trouble : undefined,
        busy: false,
      });
    }
  }
  return {
    ...state,
    add: (added: ReportFile[]) => {
      if (added.length > 0) queue.current = queue.current.then(() => read(added));
    },
    clear: () => change(nothing),
  };
}
