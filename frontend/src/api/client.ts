import type { DoctorClient } from "@/api/doctor";
import type { ListsClient } from "@/api/lists";
import type { OfficesClient } from "@/api/offices";
import type { RecordsClient } from "@/api/records";
import type { StaffClient } from "@/api/staff";
import type * as t from "@/api/types";

type EventName = keyof t.Events;

/** Everything that the page may ask of the program. Calls reject with an AppError. */
export interface Client extends DoctorClient, ListsClient, OfficesClient, RecordsClient, StaffClient {
  app: {
    info(): Promise<t.AppInfo>;
    startup(): Promise<t.Startup>;
    settings(): Promise<t.Settings>;
    saveSettings(s: t.Settings): Promise<t.Settings>;
    openLink(url: string): Promise<void>;
    openDataFolder(): Promise<void>;
    /** Stops the call that was given this request id. */
    cancel(requestId: string): Promise<void>;
    closeAsked(): Promise<void>;
    quit(): Promise<void>;
    /** A notification of the computer; rejects where it has none. */
    notify(title: string, text: string): Promise<void>;
    /** A draft in the person's mail program. */
    writeMail(to: string[], subject: string, text: string): Promise<void>;
  };
  endpoints: {
    testSignIn(requestId: string, endpoint: t.Endpoint): Promise<t.SignInResult>;
    /** Allows one more try of what was refused twice, after steps at the provider. */
    stepsDone(endpoint: t.Endpoint): Promise<void>;
    /** The path, or "" if the person changed their mind. */
    pickArchive(kind: t.EndpointKind, forWriting: boolean): Promise<string>;
    pickCA(): Promise<string>;
    /** Compares a sealed copy with its seal, file by file. */
    checkSeal(requestId: string, path: string): Promise<t.SealCheck>;
  };
  providers: {
    list(): Promise<t.ProviderInfo[]>;
    /** Recognises the provider of an address or a domain; app.cancel(requestId) stops it. */
    find(requestId: string, address: string): Promise<t.FoundProvider>;
    /** The likely causes of a refused sign-in; provider "": by the host or the server's family. */
    explain(refusal: string, provider: string, family: string, host: string): Promise<t.Explanation>;
    /** The same as a text for the person whose mailbox it is. */
    explainMail(
      refusal: string,
      provider: string,
      family: string,
      host: string,
      language: t.LanguageChoice,
    ): Promise<t.ExplainedMail>;
  };
  cards: {
    plan(moveId: string): Promise<t.CardPlan>;
    /** The folder with the cards, or "" if the person changed their mind. */
    save(order: t.CardOrder): Promise<string>;
  };
  people: {
    pick(): Promise<string>;
    /** A list from a file or from pasted text, every row with its mistakes. */
    read(source: t.PeopleSource): Promise<t.PeopleList>;
    /** What is wrong with a table, before anything is sent. */
    check(table: t.PeopleCheck): Promise<t.RowFinding[]>;
    /** Those of the domains that do not exist. */
    domains(names: string[]): Promise<string[]>;
    saveTemplate(language: t.LanguageChoice, format: t.ListFormat): Promise<string>;
    /** Saves a table as CSV; the path, or "" if the person changed their mind. */
    saveTable(table: t.SavedTable): Promise<string>;
  };
  drafts: {
    list(): Promise<t.DraftHead[]>;
    get(id: string): Promise<t.WizardDraft>;
    save(draft: t.WizardDraft): Promise<t.DraftHead>;
    remove(id: string): Promise<void>;
  };
  signIns: {
    apps(): Promise<t.SignInApp[]>;
    saveApp(input: t.SignInAppInput): Promise<t.SignInApp>;
    removeApp(id: string): Promise<void>;
    /** A service account's key file; its path is "" if the person changed their mind. */
    pickKeyFile(): Promise<t.KeyFile>;
    /** Asks a person to sign in with the browser or a code, and waits for it. */
    signIn(
      requestId: string,
      appId: string,
      address: string,
      byCode: boolean,
      language: t.LanguageChoice,
    ): Promise<t.SignedIn>;
  };
  practice: {
    office(): Promise<t.PracticeOffice>;
    reset(): Promise<void>;
  };
  vault: {
    status(): Promise<t.VaultStatus>;
    unlock(passphrase: string): Promise<t.VaultStatus>;
    create(passphrase: string): Promise<t.VaultStatus>;
    /** Puts a password into the vault; the handle stands for it from then on. */
    keep(password: string): Promise<string>;
    /** Many at once, in their order; "" for an empty one. */
    keepAll(passwords: string[]): Promise<string[]>;
    forget(handle: string): Promise<void>;
  };
  moves: {
    list(): Promise<t.Move[]>;
    get(id: string): Promise<t.Move>;
    create(draft: t.MoveDraftInput): Promise<t.Move>;
    edit(id: string, draft: t.MoveDraftInput): Promise<t.Move>;
    plan(id: string): Promise<t.Move>;
    folders(id: string, mailboxId: string): Promise<t.MoveFolder[]>;
    chooseFolders(id: string, mailboxId: string, choices: t.FolderChoice[]): Promise<t.MoveFolder[]>;
    /** The folders of all people, grouped by name. */
    folderGroups(id: string): Promise<t.FolderGroup[]>;
    setFolderRules(id: string, rules: t.FolderRule[]): Promise<t.FolderGroup[]>;
    /** The messages that will not fit, by the last dry run. */
    wontFit(id: string, offset: number, limit: number): Promise<t.LeftPage>;
    start(id: string): Promise<t.Move>;
    pause(id: string): Promise<t.Move>;
    goOn(id: string): Promise<t.Move>;
    cancel(id: string): Promise<t.Move>;
    retry(id: string): Promise<t.Move>;
    verify(id: string, level: t.VerifyLevel): Promise<t.Move>;
    /** Tells what an undo would do; nothing is changed. */
    previewUndo(requestId: string, id: string, mailboxIds: string[]): Promise<t.UndoPreview>;
    undoChosen(id: string, order: t.UndoOrder): Promise<t.Move>;
    remove(id: string): Promise<void>;
    leftBehind(id: string, mailboxId: string, offset: number, limit: number): Promise<t.LeftPage>;
    differences(id: string, mailboxId: string): Promise<t.Difference[]>;
  };
  audit: {
    list(query: t.AuditQuery): Promise<t.AuditPage>;
    check(): Promise<t.AuditCheck>;
    /** The path, or "" if the person changed their mind. */
    export(language: t.LanguageChoice): Promise<string>;
  };
  guests: {
    /** Digits by which people can know this office. */
    fingerprint(): Promise<string>;
    make(order: t.InviteOrder): Promise<t.InvitesMade>;
    states(moveId: string): Promise<t.InviteState[]>;
    /** The office moves the mailbox itself again. */
    stop(moveId: string, mailboxId: string): Promise<t.Move>;
    /** The path of a file, or "" if the person changed their mind. */
    pick(): Promise<string>;
    openFile(path: string): Promise<t.OpenedFile>;
    openText(text: string): Promise<t.OpenedFile>;
    current(): Promise<t.CurrentInvitation>;
    leave(): Promise<void>;
    begin(id: string, fromSecret: string, toSecret: string): Promise<t.Move>;
    saveResult(id: string): Promise<string>;
    resultText(id: string): Promise<string>;
  };
  papers: {
    /** Shows the computer's dialog and writes; path is "" if the person changed their mind. */
    save(requestId: string, order: t.CertificateOrder): Promise<t.CertificateSaved>;
  };
  runs: {
    /** When a move would have ended with these options. */
    forecast(id: string, options: t.MoveOptions): Promise<t.MoveForecast>;
    setWhen(id: string, schedule: t.MoveSchedule, repeat: t.MoveRepeat): Promise<t.Move>;
    /** What happened, the newest first; before: an entry's id, 0 from the newest on. */
    timeline(id: string, before: number, limit: number): Promise<t.MoveEvent[]>;
    pause(id: string, mailboxIds: string[]): Promise<t.Move>;
    goOn(id: string, mailboxIds: string[]): Promise<t.Move>;
    leaveOut(id: string, mailboxIds: string[], out: boolean): Promise<t.Move>;
    /** Tries a password once and keeps it if the server takes it. */
    changePassword(
      requestId: string,
      id: string,
      mailboxId: string,
      side: "from" | "to",
      handle: string,
    ): Promise<t.SignInResult>;
  };
  switches: {
    get(moveId: string): Promise<t.Switch>;
    set(moveId: string, input: t.SwitchInput): Promise<t.Switch>;
    /** Asks DNS now. */
    check(requestId: string, moveId: string): Promise<t.Switch>;
    seeLeft(moveId: string, count: number): Promise<t.Switch>;
    endWatch(moveId: string, insist: boolean): Promise<t.Switch>;
    cancelOld(moveId: string, insist: boolean): Promise<t.Switch>;
    setResolvers(resolvers: string[]): Promise<string[]>;
  };
  /** Listens to an event; call the result to stop. */
  on<K extends EventName>(name: K, listener: (payload: t.Events[K]) => void): () => void;
}
