import { call } from "@/api/call";
import type { Plain } from "@/api/types";
import * as Doctor from "../../wailsjs/go/api/Doctor";
import * as Guides from "../../wailsjs/go/api/Guides";
import * as Monitoring from "../../wailsjs/go/api/Monitoring";
import * as Readers from "../../wailsjs/go/api/Readers";
import * as SupportSheet from "../../wailsjs/go/api/SupportSheet";
import * as TestLetter from "../../wailsjs/go/api/TestLetter";
import type { api } from "../../wailsjs/go/models";
import { OnFileDrop, OnFileDropOff } from "../../wailsjs/runtime/runtime";

export type MailInput = Plain<api.MailInput>;
export type MailItem = Plain<api.MailItem>;
export type BounceReport = Plain<api.BounceReport>;
export type BounceRecipient = Plain<api.BounceRecipient>;
export type HeaderReport = Plain<api.HeaderReport>;
export type HeaderGround = Plain<api.HeaderGround>;
export type HeaderHop = Plain<api.HeaderHop>;
export type HeaderMark = Plain<api.HeaderMark>;
export type HeaderSignature = Plain<api.HeaderSignature>;
export type AuthResult = Plain<api.HeaderReport>["spf"];
export type Guide = Plain<api.Guide>;
export type GuideNode = Plain<api.GuideNode>;
export type GuideAdvice = Plain<api.GuideAdvice>;
export type GuidePlace = Plain<api.GuidePlace>;
export type GuideProbe = Plain<api.GuideProbe>;
export type GuideAnswer = Plain<api.GuideAnswer>;
export type OutgoingServer = Plain<api.OutgoingServer>;
export type LetterSide = Plain<api.LetterSide>;
export type LetterRequest = Plain<api.LetterRequest>;
export type LetterResult = Plain<api.LetterResult>;
export type WatchedDomain = Plain<api.WatchedDomain>;
export type MonitorLook = Plain<api.MonitorLook>;
export type MonitorChange = Plain<api.MonitorChange>;
export type MonitorHistory = Plain<api.MonitorHistory>;
export type SheetRequest = Plain<api.SheetRequest>;
export type SheetSection = Plain<api.SheetSection>;
export type SheetFormat = `${api.SheetFormat}`;
export type CheckInfo = Plain<api.CheckInfo>;
export type Exam = Plain<api.Exam>;
export type ExamRequest = Plain<api.ExamRequest>;
export type Finding = Plain<api.Finding>;
export type FindingEvidence = Plain<api.FindingEvidence>;
export type Verdict = Plain<api.Finding>["verdict"];
export type AssistRequest = Plain<api.AssistRequest>;
export type AssistTable = Plain<api.AssistTable>;
export type AssistRow = Plain<api.AssistRow>;
export type DMARCReports = Plain<api.DMARCReports>;
export type DMARCSource = Plain<api.DMARCSource>;

/** What the doctor's pages ask of the program. */
export interface DoctorClient {
  readers: {
    /** The path of a saved mail, or "" if the person changed their mind. */
    pickMail(): Promise<string>;
    bounce(requestId: string, input: MailInput): Promise<BounceReport>;
    header(requestId: string, input: MailInput): Promise<HeaderReport>;
    /** Recent mail of a mailbox, the newest first; only what looks like returned mail where that is wanted. */
    recent(requestId: string, endpoint: LetterSide["endpoint"], returned: boolean): Promise<MailItem[]>;
    /** Files that are dropped on the window; call the result to stop. */
    onFiles(listener: (paths: string[]) => void): () => void;
  };
  exams: {
    start(request: ExamRequest): Promise<Exam>;
    get(id: string): Promise<Exam>;
    stop(id: string): Promise<void>;
    /** Every check, in the order in which they are shown. */
    checks(): Promise<CheckInfo[]>;
    assist(requestId: string, request: AssistRequest): Promise<AssistTable>;
    /** Looks again until everything is green; the id of the watch. */
    watch(request: AssistRequest): Promise<string>;
    unwatch(id: string): Promise<void>;
    /** The paths of DMARC reports; none if the person changed their mind. */
    pickReports(): Promise<string[]>;
    readReports(files: MailInput[]): Promise<DMARCReports[]>;
  };
  guides: {
    list(): Promise<Guide[]>;
    advice(): Promise<GuideAdvice>;
    place(requestId: string, address: string): Promise<GuidePlace>;
    probe(requestId: string, probe: GuideProbe): Promise<GuideAnswer>;
  };
  testLetter: {
    send(requestId: string, request: LetterRequest): Promise<LetterResult>;
  };
  monitor: {
    list(): Promise<WatchedDomain[]>;
    save(watch: WatchedDomain): Promise<WatchedDomain>;
    remove(id: string): Promise<void>;
    lookNow(id: string): Promise<MonitorLook>;
    history(id: string, days: number): Promise<MonitorHistory>;
  };
  supportSheet: {
    /** The sheet as it would be saved: redacted. */
    preview(request: SheetRequest): Promise<SheetRequest>;
    /** The path, or "" if the person changed their mind. */
    save(request: SheetRequest, format: SheetFormat): Promise<string>;
  };
}

type First<F> = F extends (a: infer A, ...rest: never[]) => unknown ? A : never;
type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;

/** Calls that wait for a person have no limit. */
const untilAnswered = 0;
const minutes = 60_000;

export function realDoctor(): DoctorClient {
  return {
    readers: {
      pickMail: () => call(() => Readers.PickMail(), untilAnswered),
      bounce: (requestId, input) =>
        call(() => Readers.ReadBounce(requestId, input as Second<typeof Readers.ReadBounce>), 2 * minutes),
      header: (requestId, input) =>
        call(() => Readers.ReadHeader(requestId, input as Second<typeof Readers.ReadHeader>), 2 * minutes),
      recent: (requestId, endpoint, returned) =>
        call(
          () => Readers.RecentMail(requestId, endpoint as Second<typeof Readers.RecentMail>, returned),
          2 * minutes,
        ),
      onFiles: (listener) => {
        OnFileDrop((_x, _y, paths) => listener(paths), false);
        return () => OnFileDropOff();
      },
    },
    exams: {
      start: (request) => call(() => Doctor.Start(request as First<typeof Doctor.Start>)),
      get: (id) => call(() => Doctor.Get(id)),
      stop: (id) => call(() => Doctor.Stop(id)),
      checks: () => call(() => Doctor.Checks()),
      assist: (requestId, request) => call(() => Doctor.Assist(requestId, request)),
      watch: (request) => call(() => Doctor.Watch(request)),
      unwatch: (id) => call(() => Doctor.Unwatch(id)),
      pickReports: () => call(() => Doctor.PickReports(), untilAnswered),
      readReports: (files) => call(() => Doctor.ReadReports(files as First<typeof Doctor.ReadReports>)),
    },
    guides: {
      list: () => call(() => Guides.List()),
      advice: () => call(() => Guides.Advice()),
      place: (requestId, address) => call(() => Guides.Place(requestId, address)),
      probe: (requestId, probe) =>
        call(() => Guides.Probe(requestId, probe as Second<typeof Guides.Probe>), 2 * minutes),
    },
    testLetter: {
      send: (requestId, request) =>
        call(() => TestLetter.Send(requestId, request as Second<typeof TestLetter.Send>), 5 * minutes),
    },
    monitor: {
      list: () => call(() => Monitoring.List()),
      save: (watch) => call(() => Monitoring.Save(watch as First<typeof Monitoring.Save>)),
      remove: (id) => call(() => Monitoring.Remove(id)),
      lookNow: (id) => call(() => Monitoring.LookNow(id), 2 * minutes),
      history: (id, days) => call(() => Monitoring.History(id, days)),
    },
    supportSheet: {
      preview: (request) => call(() => SupportSheet.Preview(request as First<typeof SupportSheet.Preview>)),
      save: (request, format) =>
        call(
          () =>
            SupportSheet.Save(
              request as First<typeof SupportSheet.Save>,
              format as Second<typeof SupportSheet.Save>,
            ),
          untilAnswered,
        ),
    },
  };
}
