import { call } from "@/api/call";
import type { Plain } from "@/api/types";
import * as Changes from "../../wailsjs/go/api/Changes";
import * as Directory from "../../wailsjs/go/api/Directory";
import * as Offices from "../../wailsjs/go/api/Offices";
import type { api } from "../../wailsjs/go/models";

export type OfficeMaker = Plain<api.OfficeMaker>;
export type OfficeField = Plain<api.OfficeField>;
export type OfficeInfo = Plain<api.OfficeInfo>;
export type OfficeDraft = Plain<api.OfficeDraft>;
export type OfficeGuess = Plain<api.OfficeGuess>;
export type OfficeCheck = Plain<api.OfficeCheck>;
export type OfficeDomain = Plain<api.OfficeDomain>;
export type OfficeCapabilities = Plain<api.OfficeCapabilities>;
export type OfficeSupport = Plain<api.OfficeSupport>;
export type OfficeReason = `${api.OfficeReason}`;
export type OfficePerson = Plain<api.OfficePerson>;
export type OfficeForward = Plain<api.OfficeForward>;
export type OfficeDepartment = Plain<api.OfficeDepartment>;
export type OfficeTag = Plain<api.OfficeTag>;
export type OfficeRecord = Plain<api.OfficeRecord>;
export type OfficeFinding = Plain<api.OfficeFinding>;
export type OfficeList = Plain<api.OfficeList>;
export type OfficeContact = Plain<api.OfficeContact>;
export type OfficeContactGroup = Plain<api.OfficeContactGroup>;
export type DirectoryRow = Plain<api.DirectoryRow>;
export type DirectorySnapshot = Omit<Plain<api.DirectorySnapshot>, "people"> & { people: OfficePerson[] };
export type DirectoryState = Plain<api.DirectoryState>;
export type DirectoryHits = Plain<api.DirectoryHits>;
export type DirectoryIndex = Plain<api.DirectoryIndex>;
export type DirectoryPerson = Plain<api.DirectoryPerson>;
export type DirectoryList = Plain<api.DirectoryList>;
export type DirectoryNews = Plain<api.DirectoryNews>;
export type OfficeChange = Plain<api.OfficeChange>;
export type ChangeKind = `${api.ChangeKind}`;
export type ChangePlan = Plain<api.ChangePlan>;
export type ChangeStep = Plain<api.ChangeStep>;
export type ChangeDiff = Plain<api.ChangeDiff>;
export type ChangeRefusal = Plain<api.ChangeRefusal>;
export type ChangeRun = Plain<api.ChangeRun>;
export type ChangeResult = Plain<api.ChangeResult>;
export type ChangeResults = Plain<api.ChangeResults>;
export type ListFormat = `${api.ListFormat}`;

/** What the pages ask of the program about administered offices. */
export interface OfficesClient {
  offices: {
    makers(): Promise<OfficeMaker[]>;
    list(): Promise<OfficeInfo[]>;
    /** Whose adapter administers a domain or an address's domain. */
    recognise(requestId: string, domain: string): Promise<OfficeGuess>;
    /** Proves the keys and tells what the office can do; nothing is stored. */
    test(requestId: string, draft: OfficeDraft): Promise<OfficeCheck>;
    /** Tests and stores a new office, or with an id an edited one. */
    connect(requestId: string, draft: OfficeDraft): Promise<OfficeInfo>;
    connectPractice(): Promise<OfficeInfo>;
    setReadOnly(id: string, readOnly: boolean): Promise<OfficeInfo>;
    setCurrent(id: string): Promise<void>;
    remove(id: string): Promise<void>;
    capabilities(id: string): Promise<OfficeCapabilities>;
    /** The DNS records that the provider wants a domain to have. */
    domainRecords(requestId: string, id: string, domain: string): Promise<OfficeRecord[]>;
    /** Lets the provider examine a domain; it may take a minute. */
    checkDomain(requestId: string, id: string, domain: string): Promise<OfficeFinding[]>;
  };
  directory: {
    /** As it was last read, at once. */
    snapshot(officeId: string): Promise<DirectorySnapshot>;
    state(officeId: string): Promise<DirectoryState>;
    /** IDs of people by name, pinyin, initials, address, phone; limit 0: all. */
    search(officeId: string, text: string, limit: number): Promise<DirectoryHits>;
    /** What everybody is searched in, in the order of the snapshot of the same seq. */
    searchIndex(officeId: string): Promise<DirectoryIndex>;
    refresh(requestId: string, officeId: string): Promise<DirectoryState>;
    person(officeId: string, id: string): Promise<DirectoryPerson>;
    list(officeId: string, id: string): Promise<DirectoryList>;
    /** What was changed elsewhere, the newest first. */
    news(officeId: string, limit: number): Promise<DirectoryNews[]>;
    seeNews(officeId: string): Promise<void>;
    /** Opens a person's mailbox in the browser. */
    openMailbox(officeId: string, id: string): Promise<void>;
    unread(officeId: string, id: string): Promise<number>;
  };
  changes: {
    preview(requestId: string, officeId: string, changes: OfficeChange[]): Promise<ChangePlan>;
    /** Carries a plan out in the background; listen to run:progress. */
    apply(planId: string, typed: string): Promise<ChangeRun>;
    stop(runId: string): Promise<ChangeRun>;
    resume(runId: string): Promise<ChangeRun>;
    /** Previews what takes a run back; apply the plan. */
    undo(requestId: string, runId: string): Promise<ChangePlan>;
    list(officeId: string, limit: number): Promise<ChangeRun[]>;
    results(runId: string, from: number, limit: number): Promise<ChangeResults>;
  };
}

type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;
type Third<F> = F extends (a: never, b: never, c: infer C, ...rest: never[]) => unknown ? C : never;

const minutes = 60_000;
const asLongAsItTakes = 0; // the program itself ends it

export function realOffices(): OfficesClient {
  return {
    offices: {
      makers: () => call(() => Offices.Makers()),
      list: () => call(() => Offices.List()),
      recognise: (requestId, domain) => call(() => Offices.Recognise(requestId, domain), minutes),
      test: (requestId, draft) =>
        call(() => Offices.Test(requestId, draft as Second<typeof Offices.Test>), 2 * minutes),
      connect: (requestId, draft) =>
        call(() => Offices.Connect(requestId, draft as Second<typeof Offices.Connect>), 2 * minutes),
      connectPractice: () => call(() => Offices.ConnectPractice(), 2 * minutes),
      setReadOnly: (id, readOnly) => call(() => Offices.SetReadOnly(id, readOnly)),
      setCurrent: (id) => call(() => Offices.SetCurrent(id)),
      remove: (id) => call(() => Offices.Remove(id)),
      capabilities: (id) => call(() => Offices.Capabilities(id), 2 * minutes),
      domainRecords: (requestId, id, domain) =>
        call(() => Offices.DomainRecords(requestId, id, domain), 2 * minutes),
      checkDomain: (requestId, id, domain) =>
        call(() => Offices.CheckDomain(requestId, id, domain), 2 * minutes),
    },
    directory: {
      snapshot: async (officeId) => {
        const s = (await call(() => Directory.Snapshot(officeId))) as Plain<api.DirectorySnapshot>;
        return { ...s, people: s.people.map(wholePerson) };
      },
      state: (officeId) => call(() => Directory.State(officeId)),
      search: (officeId, text, limit) => call(() => Directory.Search(officeId, text, limit)),
      searchIndex: (officeId) => call(() => Directory.SearchIndex(officeId)),
      refresh: (requestId, officeId) => call(() => Directory.Refresh(requestId, officeId), asLongAsItTakes),
      person: (officeId, id) => call(() => Directory.Person(officeId, id), 2 * minutes),
      list: (officeId, id) => call(() => Directory.List(officeId, id), 2 * minutes),
      news: (officeId, limit) => call(() => Directory.News(officeId, limit)),
      seeNews: (officeId) => call(() => Directory.SeeNews(officeId)),
      openMailbox: (officeId, id) => call(() => Directory.OpenMailbox(officeId, id), 2 * minutes),
      unread: (officeId, id) => call(() => Directory.Unread(officeId, id), 2 * minutes),
    },
    changes: {
      preview: (requestId, officeId, changes) =>
        call(
          () => Changes.Preview(requestId, officeId, changes as Third<typeof Changes.Preview>),
          asLongAsItTakes,
        ),
      apply: (planId, typed) => call(() => Changes.Apply(planId, typed)),
      stop: (runId) => call(() => Changes.Stop(runId)),
      resume: (runId) => call(() => Changes.Resume(runId), 2 * minutes),
      undo: (requestId, runId) => call(() => Changes.Undo(requestId, runId), asLongAsItTakes),
      list: (officeId, limit) => call(() => Changes.List(officeId, limit)),
      results: (runId, from, limit) => call(() => Changes.Results(runId, from, limit)),
    },
  };
}

/** A person of a long list, with what was left out because there is nothing to tell. */
function wholePerson(row: DirectoryRow): OfficePerson {
  const person: OfficePerson = {
    id: row.id,
    address: row.address,
    name: row.name ?? "",
    departments: row.departments ?? none,
    title: row.title ?? "",
    mobile: row.mobile ?? "",
    phone: row.phone ?? "",
    staffNo: row.staffNo ?? "",
    remark: row.remark ?? "",
    gender: row.gender ?? "",
    aliases: row.aliases ?? none,
    status: row.status,
    hidden: row.hidden ?? "",
    hiddenAddresses: row.hiddenAddresses ?? none,
    mustChange: row.mustChange ?? "",
    quota: row.quota ?? 0,
    used: row.used ?? 0,
    mailRights: row.mailRights ?? "",
    signIn: none,
    created: row.created ?? 0,
    expires: row.expires ?? 0,
    lastSignIn: row.lastSignIn ?? 0,
    partial: row.partial ?? false,
  };
  if (row.forward) person.forward = row.forward;
  return person;
}

const none: never[] = [];
