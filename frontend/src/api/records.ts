import { call } from "@/api/call";
import type { Plain } from "@/api/types";
import * as FrontDesk from "../../wailsjs/go/api/FrontDesk";
import * as Archives from "../../wailsjs/go/api/RecordArchives";
import * as Judgement from "../../wailsjs/go/api/RecordJudgement";
import * as Lookup from "../../wailsjs/go/api/RecordLookup";
import * as Reports from "../../wailsjs/go/api/RecordReports";
import * as Sources from "../../wailsjs/go/api/RecordSources";
import * as Stats from "../../wailsjs/go/api/RecordStats";
import * as Records from "../../wailsjs/go/api/Records";
import type { api } from "../../wailsjs/go/models";

export type RecordKind = `${api.RecordKind}`;
export type RecordOutcome = `${api.RecordOutcome}`;
export type RecordMethod = `${api.RecordMethod}`;
export type RecordAction = `${api.RecordAction}`;
export type RecordForm = Plain<api.RecordForm>;
export type RecordQuery = Plain<api.RecordQuery>;
export type RecordPage = Plain<api.RecordPage>;
export type RecordRow = Plain<api.RecordRow>;
export type RecordDetail = Plain<api.RecordDetail>;
export type RecordGap = Plain<api.RecordGap>;
export type RecordState = Plain<api.RecordState>;
export type RecordZone = Plain<api.RecordZone>;
export type LogFolder = Plain<api.LogFolder>;
export type RecordSource = Plain<api.RecordSource>;
export type RecordLack = Plain<api.RecordLack>;
export type RecordsProgress = Plain<api.RecordsProgress>;
export type RecordStatistics = Plain<api.RecordStatistics>;
export type RecordFigures = Plain<api.RecordFigures>;
export type RecordPerson = Plain<api.RecordPerson>;
export type SavedSearch = Plain<api.SavedSearch>;
export type ExportDone = Plain<api.ExportDone>;
export type LogFile = Plain<api.LogFile>;
export type LookupAnswer = Plain<api.LookupAnswer>;
export type LookupFacts = Plain<api.LookupFacts>;
export type LookupVerdict = `${api.LookupVerdict}`;
export type UnusualThing = Plain<api.UnusualThing>;
export type UnusualThresholds = Plain<api.UnusualThresholds>;
export type RecordSchedule = Plain<api.RecordSchedule>;
export type RemovedOffice = Plain<api.RemovedOffice>;
export type ReportState = Plain<api.ReportState>;
export type MonthReport = Plain<api.MonthReport>;
export type RecordNews = Plain<api.RecordNews>;
export type ArchiveState = Plain<api.ArchiveState>;
export type ArchiveReport = Plain<api.ArchiveReport>;
export type NamedAddress = Plain<api.NamedAddress>;
export type FrontDeskState = Plain<api.FrontDeskState>;
export type RecordLanguage = `${api.Language}`;

/**
 * What the pages ask about what happened. A shelf is an office's ID, or what
 * archives.open gave. Listen to "records:progress": records are being fetched, or are newer.
 */
export interface RecordsClient {
  records: {
    /** The question in the language that a form asks. */
    question(form: RecordForm): Promise<string>;
    /** A page, the newest first; page on with before = next. */
    search(requestId: string, query: RecordQuery): Promise<RecordPage>;
    /** A record with its past and the story that it belongs to. */
    row(shelf: string, id: string): Promise<RecordDetail>;
    saved(officeId: string): Promise<SavedSearch[]>;
    save(officeId: string, name: string, question: string): Promise<SavedSearch[]>;
    rename(officeId: string, id: string, name: string): Promise<SavedSearch[]>;
    unsave(officeId: string, id: string): Promise<SavedSearch[]>;
    /** Asks where to and writes CSV or XLSX; path "" if the person changed their mind. */
    /** Asks where to, and writes what was found; the name that is chosen decides the kind. */
    export(
      requestId: string,
      shelf: string,
      question: string,
      language: RecordLanguage,
      kind: "csv" | "xlsx",
    ): Promise<ExportDone>;
  };
  recordSources: {
    /** What is kept and what is missing, at once. */
    state(officeId: string): Promise<RecordState>;
    /** Begins to fetch what is missing and returns at once. */
    fetch(officeId: string): Promise<RecordState>;
    stop(officeId: string): Promise<RecordState>;
    pickFiles(): Promise<string[]>;
    /** Reads logs of servers that were picked or dropped. */
    /** zone is that of times in the files that tell none; "" the office's. */
    readFiles(requestId: string, officeId: string, paths: string[], zone: string): Promise<LogFile[]>;
    watchFolder(officeId: string, zone: string): Promise<RecordState>;
    unwatchFolder(officeId: string, folder: string): Promise<RecordState>;
    /** The zone of an office's days and months. */
    zone(shelf: string): Promise<RecordZone>;
    setZone(officeId: string, name: string): Promise<RecordZone>;
    /** When it is fetched by itself; every 0 is never. */
    setSchedule(officeId: string, to: RecordSchedule): Promise<RecordState>;
    /** Offices that were removed and whose records are still here. */
    removed(): Promise<RemovedOffice[]>;
    /** Deletes the records of a removed office; typed is its name. */
    erase(id: string, typed: string): Promise<RemovedOffice[]>;
  };
  recordReports: {
    state(officeId: string): Promise<ReportState>;
    setAuto(officeId: string, on: boolean): Promise<ReportState>;
    /** Makes the report of a month in both languages and all formats. */
    make(officeId: string, month: string): Promise<ReportState>;
    /** Opens a file of a report; with an empty name its folder. */
    show(officeId: string, month: string, name: string): Promise<void>;
    /** What happened by itself and was not told yet; it counts as told then. */
    news(): Promise<RecordNews[]>;
  };
  recordLookup: {
    /** Answers a question in everyday words, from this computer alone. */
    ask(requestId: string, shelf: string, text: string): Promise<LookupAnswer>;
    trace(shelf: string, id: string): Promise<LookupAnswer>;
  };
  recordStats: {
    /** Days are "2026-11-12", both included. */
    statistics(shelf: string, from: string, to: string): Promise<RecordStatistics>;
    /** Asks where to and writes PDF, HTML, XLSX or CSV; "" if the person changed their mind. */
    report(shelf: string, month: string, language: RecordLanguage, both: boolean): Promise<string>;
  };
  recordArchives: {
    state(officeId: string): Promise<ArchiveState>;
    choose(officeId: string): Promise<ArchiveState>;
    create(requestId: string, officeId: string): Promise<ArchiveState>;
    verify(requestId: string, officeId: string): Promise<ArchiveReport>;
    setKeep(officeId: string, months: number): Promise<ArchiveState>;
    /** until is the last month that goes, as the person typed it. */
    deleteOld(officeId: string, until: string): Promise<ArchiveState>;
    /** Opens an archive to be searched; the shelf, or "" if the person changed their mind. */
    open(requestId: string): Promise<string>;
  };
  /** The program for a colleague who may look things up and nothing else. */
  frontDesk: {
    state(): Promise<FrontDeskState>;
    /** Locks now and at every start; the password has eight characters at least. */
    lock(officeId: string, password: string): Promise<FrontDeskState>;
    leave(password: string): Promise<FrontDeskState>;
    /** What the people of the office are called. */
    names(officeId: string): Promise<NamedAddress[]>;
    /** The language of who sits there, kept over a restart. */
    setLanguage(language: RecordLanguage): Promise<FrontDeskState>;
  };
  recordJudgement: {
    findings(requestId: string, officeId: string, days: number): Promise<UnusualThing[]>;
    evidence(officeId: string, ids: string[]): Promise<RecordRow[]>;
    dismiss(officeId: string, id: string, on: boolean): Promise<void>;
    /** What people were told of and nobody has looked at yet, the newest first. */
    alarms(officeId: string): Promise<UnusualThing[]>;
    /** Somebody has looked at the page: the start page no longer asks for it. */
    looked(officeId: string): Promise<void>;
    thresholds(officeId: string): Promise<UnusualThresholds>;
    setThresholds(officeId: string, to: UnusualThresholds): Promise<UnusualThresholds>;
  };
}

type First<F> = F extends (a: infer A, ...rest: never[]) => unknown ? A : never;
type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;
type Third<F> = F extends (a: never, b: never, c: infer C, ...rest: never[]) => unknown ? C : never;
type Fourth<F> = F extends (a: never, b: never, c: never, d: infer D, ...rest: never[]) => unknown
  ? D
  : never;

const minutes = 60_000;
const asLongAsItTakes = 0; // the program itself ends it

export function realRecords(): RecordsClient {
  return {
    records: {
      question: (form) => call(() => Records.Question(form as First<typeof Records.Question>)),
      search: (requestId, query) => call(() => Records.Search(requestId, query), 2 * minutes),
      row: (shelf, id) => call(() => Records.Row(shelf, id), minutes),
      saved: (officeId) => call(() => Records.Saved(officeId)),
      save: (officeId, name, question) => call(() => Records.Save(officeId, name, question)),
      rename: (officeId, id, name) => call(() => Records.Rename(officeId, id, name)),
      unsave: (officeId, id) => call(() => Records.Unsave(officeId, id)),
      export: (requestId, shelf, question, language, kind) =>
        call(
          () => Records.Export(requestId, shelf, question, language as Fourth<typeof Records.Export>, kind),
          asLongAsItTakes,
        ),
    },
    recordSources: {
      state: (officeId) => call(() => Sources.State(officeId)),
      fetch: (officeId) => call(() => Sources.Fetch(officeId), 2 * minutes),
      stop: (officeId) => call(() => Sources.Stop(officeId), 2 * minutes),
      pickFiles: () => call(() => Sources.PickFiles(), asLongAsItTakes),
      readFiles: (requestId, officeId, paths, zone) =>
        call(() => Sources.ReadFiles(requestId, officeId, paths, zone), asLongAsItTakes),
      watchFolder: (officeId, zone) => call(() => Sources.WatchFolder(officeId, zone), asLongAsItTakes),
      zone: (shelf) => call(() => Sources.Zone(shelf)),
      setZone: (officeId, name) => call(() => Sources.SetZone(officeId, name), 10 * minutes),
      unwatchFolder: (officeId, folder) => call(() => Sources.UnwatchFolder(officeId, folder)),
      setSchedule: (officeId, to) => call(() => Sources.SetSchedule(officeId, to)),
      removed: () => call(() => Sources.Removed()),
      erase: (id, typed) => call(() => Sources.Erase(id, typed), 10 * minutes),
    },
    recordReports: {
      state: (officeId) => call(() => Reports.State(officeId)),
      setAuto: (officeId, on) => call(() => Reports.SetAuto(officeId, on)),
      make: (officeId, month) => call(() => Reports.Make(officeId, month), 10 * minutes),
      show: (officeId, month, name) => call(() => Reports.Show(officeId, month, name)),
      news: () => call(() => Reports.News()),
    },
    recordLookup: {
      ask: (requestId, shelf, text) => call(() => Lookup.Ask(requestId, shelf, text), 2 * minutes),
      trace: (shelf, id) => call(() => Lookup.Trace(shelf, id), minutes),
    },
    recordStats: {
      statistics: (shelf, from, to) => call(() => Stats.Statistics(shelf, from, to), minutes),
      report: (shelf, month, language, both) =>
        call(() => Stats.Report(shelf, month, language as Third<typeof Stats.Report>, both), asLongAsItTakes),
    },
    recordArchives: {
      state: (officeId) => call(() => Archives.State(officeId), minutes),
      choose: (officeId) => call(() => Archives.Choose(officeId), asLongAsItTakes),
      create: (requestId, officeId) => call(() => Archives.Create(requestId, officeId), asLongAsItTakes),
      verify: (requestId, officeId) => call(() => Archives.Verify(requestId, officeId), asLongAsItTakes),
      setKeep: (officeId, months) => call(() => Archives.SetKeep(officeId, months)),
      deleteOld: (officeId, until) => call(() => Archives.DeleteOld(officeId, until), 10 * minutes),
      open: (requestId) => call(() => Archives.Open(requestId), asLongAsItTakes),
    },
    frontDesk: {
      state: () => call(() => FrontDesk.State()),
      lock: (officeId, password) => call(() => FrontDesk.Lock(officeId, password), minutes),
      leave: (password) => call(() => FrontDesk.Leave(password), 2 * minutes),
      names: (officeId) => call(() => FrontDesk.Names(officeId)),
      setLanguage: (language) =>
        call(() => FrontDesk.SetLanguage(language as First<typeof FrontDesk.SetLanguage>)),
    },
    recordJudgement: {
      findings: (requestId, officeId, days) =>
        call(() => Judgement.Findings(requestId, officeId, days), 2 * minutes),
      evidence: (officeId, ids) => call(() => Judgement.Evidence(officeId, ids)),
      dismiss: (officeId, id, on) => call(() => Judgement.Dismiss(officeId, id, on)),
      alarms: (officeId) => call(() => Judgement.Alarms(officeId)),
      looked: (officeId) => call(() => Judgement.Looked(officeId)),
      thresholds: (officeId) => call(() => Judgement.Thresholds(officeId)),
      setThresholds: (officeId, to) =>
        call(() => Judgement.SetThresholds(officeId, to as Second<typeof Judgement.SetThresholds>)),
    },
  };
}
