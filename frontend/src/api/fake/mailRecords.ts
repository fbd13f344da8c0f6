import { AppError, problem } from "@/api/errors";
import type {
  LookupAnswer,
  RecordFigures,
  RecordState,
  RecordsClient,
  RecordZone,
  ReportState,
} from "@/api/records";

/** A program without any records: pages bring their own answers over these. */
export function fakeRecords(): RecordsClient {
  const none = async (): Promise<never> => {
    throw new AppError(problem("not_found"));
  };
  return {
    records: {
      question: async (form) => form.words,
      search: async () => ({ rows: [], next: "" }),
      row: none,
      saved: async () => [],
      save: async (_officeId, name, question) => [{ id: "1", name, question, made: 0 }],
      rename: async () => [],
      unsave: async () => [],
      export: async () => ({ path: "", rows: 0, more: false }),
    },
    recordSources: {
      state: async () => noRecords(),
      fetch: none,
      stop: async () => noRecords(),
      pickFiles: async () => [],
      readFiles: async () => [],
      watchFolder: async () => noRecords(),
      unwatchFolder: async () => noRecords(),
      zone: async () => usualZone("UTC"),
      setZone: async (_officeId, name) => usualZone(name),
      setSchedule: async (_officeId, schedule) => ({ ...noRecords(), schedule }),
      removed: async () => [],
      erase: async () => [],
    },
    recordReports: {
      state: async () => noReports(),
      setAuto: async (_officeId, auto) => ({ ...noReports(), auto }),
      make: async () => noReports(),
      show: async () => undefined,
      news: async () => [],
    },
    recordLookup: { ask: async (_requestId, _shelf, text) => noAnswer(text), trace: none },
    recordStats: {
      statistics: async (_shelf, from, to) => ({
        from,
        to,
        total: noFigures(),
        days: [],
        people: [],
        senders: [],
        outcomes: [],
        gaps: [],
        upTo: 0,
      }),
      report: async () => "",
    },
    recordArchives: {
      state: async () => noArchive(),
      choose: async () => noArchive(),
      create: none,
      verify: none,
      setKeep: async () => noArchive(),
      deleteOld: none,
      open: async () => "",
    },
    frontDesk: {
      state: async () => ({ locked: false, officeId: "", language: "" as const }),
      lock: async (officeId) => ({ locked: true, officeId, language: "" as const }),
      leave: async () => ({ locked: false, officeId: "", language: "" as const }),
      names: async () => [],
      setLanguage: async (language) => ({ locked: true, officeId: "o1", language }),
    },
    recordJudgement: {
      findings: async () => [],
      evidence: async () => [],
      dismiss: async () => undefined,
      alarms: async () => [],
      looked: async () => undefined,
      thresholds: async () => ({
        off: [],
        alarm: ["guessed", "forward_outside", "few_mails", "burst"],
        refused: 10,
        burstMails: 100,
        burstMinutes: 10,
        historyDays: 60,
        leastSignIns: 30,
        fewPercent: 20,
        manyPercent: 400,
        leastDays: 4,
      }),
      setThresholds: async (_officeId, to) => to,
    },
  };
}

export function noRecords(): RecordState {
  return {
    sources: [],
    lacks: [],
    canFetch: true,
    why: "",
    running: false,
    folders: [],
    months: [],
    rows: 0,
    bytes: 0,
    removed: 0,
    title: "",
    schedule: { every: 30, hours: false, from: 19 * 60, to: 7 * 60, days: [], back: 24 },
    last: 0,
    next: 0,
    barred: false,
  };
}

export function usualZone(name: string): RecordZone {
  return { name, computer: "UTC", vendor: "Asia/Shanghai", usual: ["Asia/Shanghai", "Europe/Berlin", "UTC"] };
}

export function noReports(): ReportState {
  return { auto: true, folder: "", made: [], months: [] };
}

function noFigures(): RecordFigures {
  return {
    sent: 0,
    received: 0,
    sentBytes: 0,
    receivedBytes: 0,
    turned: 0,
    bounced: 0,
    signIns: 0,
    refused: 0,
    acts: 0,
    used: -1,
    quota: -1,
  };
}

export function noArchive() {
  return { folder: "", months: [], due: [], keep: 0, old: 0 };
}

export function noAnswer(text: string): LookupAnswer {
  return {
    question: {
      text,
      about: "mail",
      who: [],
      anyOf: [],
      outcomes: [],
      actions: [],
      words: text,
      larger: 0,
      smaller: 0,
      from: 0,
      to: 0,
    },
    verdict: "no_trace_nolog",
    facts: {
      at: 0,
      later: 0,
      person: "",
      by: "",
      from: "",
      to: "",
      subject: "",
      folder: "",
      ip: "",
      said: "",
      count: 0,
      more: false,
      bad: 0,
      people: 0,
      since: 0,
      until: 0,
      gaps: [],
      sources: [],
      has: [],
      lacks: [],
      shares: [],
      bytes: 0,
    },
    line: [],
    others: [],
    top: [],
    strangers: [],
  };
}
