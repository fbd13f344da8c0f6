export namespace api {
	
	export enum ArchiveFault {
	    ChainBroken = "chain_broken",
	    EndMissing = "end_missing",
	    FileChanged = "file_changed",
	    FileExtra = "file_extra",
	    FileMissing = "file_missing",
	    MonthMissing = "month_missing",
	    Unfinished = "unfinished",
	    Unreadable = "unreadable",
	}
	export enum ArchiveWhy {
	    Changed = "changed",
	    Grown = "grown",
	    Unarchived = "unarchived",
	}
	export enum AuthMethod {
	    Application = "application",
	    Auto = "",
	    Login = "login",
	    OAuth = "oauth",
	    OAuthBearer = "oauthbearer",
	    Plain = "plain",
	    Service = "service",
	    XOAuth2 = "xoauth2",
	}
	export enum BounceFault {
	    Network = "network",
	    Nobody = "nobody",
	    Recipient = "recipient",
	    RecipientSide = "recipient-side",
	    Sender = "sender",
	    Unknown = "unknown",
	}
	export enum BounceKind {
	    AutoReply = "autoreply",
	    Complaint = "complaint",
	    Delay = "delay",
	    Failure = "failure",
	    Other = "other",
	    Receipt = "receipt",
	    Success = "success",
	}
	export enum Brake {
	    Budget = "budget",
	    Hours = "hours",
	    None = "",
	    Provider = "provider",
	}
	export enum Certainty {
	    Guess = "guess",
	    Likely = "likely",
	    Sure = "sure",
	}
	export enum CertificateFormat {
	    CSV = "csv",
	    HTML = "html",
	    PDF = "pdf",
	    XLSX = "xlsx",
	}
	export enum ChangeDanger {
	    Confirm = "confirm",
	    None = "none",
	    Typed = "typed",
	}
	export enum ChangeKind {
	    AddAlias = "person.alias.add",
	    CreateDepartment = "department.create",
	    CreateList = "list.create",
	    CreatePerson = "person.create",
	    CreateTag = "tag.create",
	    DeleteContact = "contact.delete",
	    DeleteContactGroup = "contactGroup.delete",
	    DeleteDepartment = "department.delete",
	    DeleteList = "list.delete",
	    DeletePerson = "person.delete",
	    DeletePersonKeeping = "person.deleteKeeping",
	    DeleteTag = "tag.delete",
	    HideAddress = "person.hideAddress",
	    JoinList = "list.join",
	    OverwriteList = "list.overwrite",
	    RemoveAlias = "person.alias.remove",
	    RestorePerson = "person.restore",
	    ResumePerson = "person.resume",
	    SaveContact = "contact.save",
	    SaveContactGroup = "contactGroup.save",
	    SetForward = "person.forward",
	    SetHidden = "person.hide",
	    SetMailRights = "person.mailRights",
	    SetPassword = "person.password",
	    SetPrimary = "person.primary",
	    SetSignIn = "person.signIn",
	    SuspendPerson = "person.suspend",
	    UpdateDepartment = "department.update",
	    UpdateList = "list.update",
	    UpdatePerson = "person.update",
	    UpdateTag = "tag.update",
	}
	export enum ChangeOutcome {
	    Done = "done",
	    Failed = "failed",
	    Refused = "refused",
	    Sent = "sent",
	    There = "there",
	    Unsure = "unsure",
	    Waiting = "waiting",
	}
	export enum CheckGroup {
	    Clients = "clients",
	    DKIM = "dkim",
	    DMARC = "dmarc",
	    Domain = "domain",
	    MX = "mx",
	    Mailbox = "mailbox",
	    Message = "message",
	    Ports = "ports",
	    Reputation = "reputation",
	    SMTP = "smtp",
	    SPF = "spf",
	    TLS = "tls",
	    Transport = "transport",
	}
	export enum ContactExisting {
	    Leave = "leave",
	    Update = "update",
	}
	export enum ContactFormat {
	    CSV = "csv",
	    VCard3 = "vcard3",
	    VCard4 = "vcard4",
	    XLSX = "xlsx",
	}
	export enum DomainGrade {
	    Fine = "fine",
	    Watch = "watch",
	    Wrong = "wrong",
	}
	export enum EndpointKind {
	    EML = "eml",
	    IMAP = "imap",
	    Maildir = "maildir",
	    Mbox = "mbox",
	    POP3 = "pop3",
	    Practice = "practice",
	}
	export enum ErrorCode {
	    Canceled = "canceled",
	    Conflict = "conflict",
	    DiskFull = "disk_full",
	    Forbidden = "forbidden",
	    InUse = "in_use",
	    Internal = "internal",
	    Invalid = "invalid",
	    Malformed = "malformed",
	    NewerData = "newer_data",
	    NotFound = "not_found",
	    OverQuota = "over_quota",
	    RateLimited = "rate_limited",
	    ReadOnly = "read_only",
	    Rejected = "rejected",
	    Timeout = "timeout",
	    TooBig = "too_big",
	    Unauthenticated = "unauthenticated",
	    Unreachable = "unreachable",
	    Unsupported = "unsupported",
	    UntrustedCert = "untrusted_cert",
	}
	export enum EventKind {
	    Arrived = "arrived",
	    Budget = "budget",
	    Canceled = "canceled",
	    Cut = "cut",
	    Finished = "finished",
	    Freed = "freed",
	    Held = "held",
	    Hours = "hours",
	    LeftOut = "left_out",
	    None = "",
	    Offline = "offline",
	    Online = "online",
	    Password = "password",
	    Paused = "paused",
	    ServerAway = "server_away",
	    Slept = "slept",
	    Slower = "slower",
	    Started = "started",
	    TakenBack = "taken_back",
	    Trouble = "trouble",
	    Undone = "undone",
	    Verified = "verified",
	    WatchOff = "watch_off",
	    WatchOn = "watch_on",
	    WentOn = "went_on",
	}
	export enum ExamState {
	    Done = "done",
	    Running = "running",
	    Stopped = "stopped",
	}
	export enum ExplainThen {
	    Nothing = "nothing",
	    OAuth = "oauth",
	    Password = "password",
	    Server = "server",
	    Steps = "steps",
	    Wait = "wait",
	}
	export enum FindingRule {
	    Burst = "burst",
	    FewMails = "few_mails",
	    ForwardOutside = "forward_outside",
	    Guessed = "guessed",
	    Guessing = "guessing",
	    ManyMails = "many_mails",
	    NewHour = "new_hour",
	    NewNetwork = "new_network",
	}
	export enum FindingWeight {
	    Fix = "fix",
	    Look = "look",
	    Stop = "stop",
	}
	export enum FolderAction {
	    Copy = "copy",
	    Parent = "parent",
	    Skip = "skip",
	}
	export enum FolderRole {
	    All = "all",
	    Archive = "archive",
	    Drafts = "drafts",
	    Flagged = "flagged",
	    Important = "important",
	    Inbox = "inbox",
	    Junk = "junk",
	    None = "",
	    Sent = "sent",
	    Trash = "trash",
	}
	export enum FoundBy {
	    Alias = "alias",
	    Autoconfig = "autoconfig",
	    Autodiscover = "autodiscover",
	    Certificate = "certificate",
	    Custom = "custom",
	    Domain = "domain",
	    Greeting = "greeting",
	    MX = "mx",
	    SPF = "spf",
	    SRV = "srv",
	}
	export enum GapReason {
	    Cut = "cut",
	    Partial = "partial",
	    Refused = "refused",
	    TooOld = "too_old",
	    Unread = "unread",
	    Unsure = "unsure",
	}
	export enum IntakeExisting {
	    Leave = "leave",
	    Update = "update",
	}
	export enum IntakeWeight {
	    Look = "look",
	    Stop = "stop",
	}
	export enum JunkVerdict {
	    Doubt = "doubt",
	    Fine = "fine",
	    Junk = "junk",
	    Unknown = "unknown",
	}
	export enum KeepsBack {
	    Firm = "firm",
	    MailGone = "mail_gone",
	    NotAtProvider = "not_at_provider",
	    NotKnown = "not_known",
	    Nothing = "",
	    Secret = "secret",
	}
	export enum Language {
	    Chinese = "zh-CN",
	    English = "en",
	    System = "",
	}
	export enum LetterJudgement {
	    Good = "good",
	    Junk = "junk",
	    Lost = "lost",
	    Refused = "",
	    Slow = "slow",
	}
	export enum ListFormat {
	    CSV = "csv",
	    XLSX = "xlsx",
	}
	export enum LookupAbout {
	    Acts = "acts",
	    Deleted = "deleted",
	    Mail = "mail",
	    Signin = "signin",
	}
	export enum LookupVerdict {
	    Acts = "acts",
	    Arrived = "arrived",
	    ArrivedDeleted = "arrived_deleted",
	    ArrivedFolder = "arrived_folder",
	    ArrivedJunk = "arrived_junk",
	    ArrivedMoved = "arrived_moved",
	    ArrivedTrashed = "arrived_trashed",
	    AskMore = "ask_more",
	    Blocked = "blocked",
	    Bounced = "bounced",
	    Counted = "counted",
	    CountedIn = "counted_in",
	    CountedSent = "counted_sent",
	    Deleted = "deleted",
	    Failed = "failed",
	    Held = "held",
	    MostReceived = "most_received",
	    MostSent = "most_sent",
	    Moved = "moved",
	    NoSizes = "no_sizes",
	    NoSuchLog = "no_such_log",
	    NoTrace = "no_trace",
	    NoTraceFiles = "no_trace_files",
	    NoTraceGap = "no_trace_gap",
	    NoTraceHalf = "no_trace_half",
	    NoTraceNolog = "no_trace_nolog",
	    NoTraceYet = "no_trace_yet",
	    NotInFiles = "not_in_files",
	    NotReadYet = "not_read_yet",
	    OnlyRefused = "only_refused",
	    OtherTime = "other_time",
	    Pending = "pending",
	    Refusals = "refusals",
	    Sent = "sent",
	    SignedIn = "signed_in",
	    SignedInUntold = "signed_in_untold",
	    ThatTime = "that_time",
	    Trashed = "trashed",
	    Unclear = "unclear",
	}
	export enum MailboxState {
	    Canceled = "canceled",
	    Done = "done",
	    Failed = "failed",
	    Idle = "idle",
	    LeftBehind = "left_behind",
	    LeftOut = "left_out",
	    Paused = "paused",
	    Queued = "queued",
	    Running = "running",
	    Waiting = "waiting",
	}
	export enum MoveState {
	    Canceled = "canceled",
	    Done = "done",
	    Draft = "draft",
	    Failed = "failed",
	    Interrupted = "interrupted",
	    LeftBehind = "left_behind",
	    Paused = "paused",
	    Pausing = "pausing",
	    Planned = "planned",
	    Planning = "planning",
	    Queued = "queued",
	    Running = "running",
	    Scheduled = "scheduled",
	    Undoing = "undoing",
	    Undone = "undone",
	    Verifying = "verifying",
	    Waiting = "waiting",
	}
	export enum OfficeFieldKind {
	    Choice = "choice",
	    Key = "key",
	    Secret = "secret",
	    Text = "text",
	}
	export enum OfficeReason {
	    NeedsKey = "needs_key",
	    NeedsPlan = "needs_plan",
	    None = "",
	    NotInAPI = "not_in_api",
	    NotProven = "not_proven",
	    ReadOnly = "read_only",
	}
	export enum PaperLanguage {
	    Both = "both",
	    Chinese = "zh-CN",
	    English = "en",
	}
	export enum Phase {
	    Connecting = "connecting",
	    Copying = "copying",
	    Done = "done",
	    Flags = "flags",
	    Listing = "listing",
	    Matching = "matching",
	    None = "",
	    Undoing = "undoing",
	    Verifying = "verifying",
	    Waiting = "waiting",
	}
	export enum PracticeSide {
	    New = "new",
	    None = "",
	    Old = "old",
	}
	export enum ProviderKind {
	    Business = "business",
	    Own = "own",
	    Personal = "personal",
	}
	export enum RaiseAdvice {
	    Mend = "mend",
	    Raise = "raise",
	    Reached = "reached",
	    Wait = "wait",
	}
	export enum RecordAction {
	    Alias = "alias",
	    Announce = "announce",
	    Api = "api",
	    Backup = "backup",
	    Blacklist = "blacklist",
	    Department = "department",
	    Domain = "domain",
	    Export = "export",
	    ForwardOff = "forward_off",
	    ForwardOn = "forward_on",
	    Import = "import",
	    List = "list",
	    MailDelete = "mail_delete",
	    MailMove = "mail_move",
	    MailOpen = "mail_open",
	    MailRestore = "mail_restore",
	    MailTrash = "mail_trash",
	    Other = "other",
	    Password = "password",
	    PersonAdd = "person_add",
	    PersonDelete = "person_delete",
	    PersonEdit = "person_edit",
	    PersonOff = "person_off",
	    PersonOn = "person_on",
	    Release = "release",
	    Role = "role",
	    Rule = "rule",
	    Security = "security",
	    Settings = "settings",
	    SignedIn = "signed_in",
	    Whitelist = "whitelist",
	}
	export enum RecordKind {
	    Admin = "admin",
	    Received = "received",
	    Sent = "sent",
	    Signin = "signin",
	    Traffic = "traffic",
	    User = "user",
	}
	export enum RecordMethod {
	    Api = "api",
	    Client = "client",
	    Exchange = "exchange",
	    Imap = "imap",
	    Mobile = "mobile",
	    Other = "other",
	    Pop = "pop",
	    Smtp = "smtp",
	    Web = "web",
	}
	export enum RecordNewsKind {
	    Archive = "archive",
	    Report = "report",
	    Unusual = "unusual",
	}
	export enum RecordOutcome {
	    Blocked = "blocked",
	    Bounced = "bounced",
	    Delivered = "delivered",
	    Failed = "failed",
	    Foldered = "foldered",
	    Junk = "junk",
	    Locked = "locked",
	    Ok = "ok",
	    Other = "other",
	    Pending = "pending",
	    Quarantined = "quarantined",
	    Refused = "refused",
	}
	export enum ResumePolicy {
	    All = "all",
	    None = "none",
	    Scheduled = "scheduled",
	}
	export enum RowState {
	    Console = "console",
	    Differs = "differs",
	    Extra = "extra",
	    Missing = "missing",
	    OK = "ok",
	    Optional = "optional",
	    Unknown = "unknown",
	}
	export enum RunState {
	    Done = "done",
	    Interrupted = "interrupted",
	    Partly = "partly",
	    Running = "running",
	    Stopped = "stopped",
	    Stopping = "stopping",
	}
	export enum ScheduleMode {
	    At = "at",
	    Gentle = "gentle",
	    Nights = "nights",
	    Now = "now",
	}
	export enum Security {
	    Plain = "plain",
	    StartTLS = "starttls",
	    TLS = "tls",
	}
	export enum SheetFormat {
	    HTML = "html",
	    ZIP = "zip",
	}
	export enum SignInVendor {
	    Google = "google",
	    Microsoft = "microsoft",
	    MicrosoftChina = "microsoft-cn",
	}
	export enum SignInWay {
	    AppPassword = "app-password",
	    AuthorisationCode = "authorisation-code",
	    ClientPassword = "client-password",
	    OAuth = "oauth",
	    Password = "password",
	}
	export enum SwitchState {
	    Blocked = "blocked",
	    Danger = "danger",
	    Done = "done",
	    Todo = "todo",
	    Unknown = "unknown",
	    Wait = "wait",
	}
	export enum SwitchStepID {
	    After = "after",
	    Cancel = "cancel",
	    Clients = "clients",
	    DKIM = "dkim",
	    DMARC = "dmarc",
	    Delta = "delta",
	    Left = "left",
	    MX = "mx",
	    People = "people",
	    SPF = "spf",
	    SPFOld = "spf_old",
	    Spread = "spread",
	    TTL = "ttl",
	    TTLBack = "ttl_back",
	}
	export enum Theme {
	    Dark = "dark",
	    Light = "light",
	    System = "system",
	}
	export enum VaultState {
	    Locked = "locked",
	    Missing = "missing",
	    Open = "open",
	}
	export enum Verdict {
	    Fail = "fail",
	    Info = "info",
	    Pass = "pass",
	    Skipped = "skipped",
	    Warn = "warn",
	}
	export enum VerifyLevel {
	    Bytes = "bytes",
	    Counts = "counts",
	    Fingerprint = "fingerprint",
	    None = "none",
	}
	export interface AddressProposal {
	    address: string;
	    pattern: string;
	    umlaut: boolean;
	}
	export interface AppInfo {
	    name: string;
	    version: string;
	    os: string;
	    arch: string;
	    dataDir: string;
	    language: Language;
	}
	export interface ArchiveDue {
	    month: string;
	    why: ArchiveWhy;
	}
	export interface ArchiveFlaw {
	    what: ArchiveFault;
	    file: string;
	}
	export interface ArchiveMonth {
	    seq: number;
	    month: string;
	    folder: string;
	    made: number;
	    rows: number;
	    bytes: number;
	    gaps: number;
	}
	export interface ArchiveReport {
	    folder: string;
	    months: number;
	    files: number;
	    rows: number;
	    bytes: number;
	    deleted: number;
	    flaws: ArchiveFlaw[];
	}
	export interface ArchiveState {
	    folder: string;
	    months: ArchiveMonth[];
	    due: ArchiveDue[];
	    keep: number;
	    old: number;
	}
	export interface AssistRow {
	    use: string;
	    name: string;
	    host: string;
	    type: string;
	    stands: string[];
	    should: string[];
	    paste: string[];
	    state: RowState;
	    console: string;
	    fileAt: string;
	    fileText: string;
	}
	export interface Bilingual {
	    zh: string;
	    en: string;
	}
	export interface DNSHost {
	    id: string;
	    name: Bilingual;
	    console: string;
	    steps: string[];
	    stepsEn: string[];
	    note: Bilingual;
	    apex: string;
	    quotes: string;
	    mx: string;
	    textMost: number;
	    ttl: number;
	    source: string;
	    certain: boolean;
	}
	export interface AssistTable {
	    domain: string;
	    shown: string;
	    provider: string;
	    green: boolean;
	    againMs: number;
	    dnsHost?: DNSHost;
	    rows: AssistRow[];
	}
	export interface AssistChanged {
	    id: string;
	    seq: number;
	    table: AssistTable;
	    over: boolean;
	}
	export interface AssistRequest {
	    domain: string;
	    provider: string;
	    leaving: string;
	    switching: boolean;
	    raise: boolean;
	    resolver: string;
	}
	
	
	export interface AuditCheck {
	    entries: number;
	    flaw: string;
	    at: number;
	}
	export interface AuditEntry {
	    seq: number;
	    time: number;
	    act: string;
	    subject: string;
	    id: string;
	    facts: Record<string, string>;
	    before: Record<string, string>;
	    after: Record<string, string>;
	}
	export interface AuditPage {
	    total: number;
	    rows: AuditEntry[];
	}
	export interface AuditQuery {
	    text: string;
	    after: number;
	    limit: number;
	}
	
	export interface BounceOriginal {
	    messageId: string;
	    subject: string;
	    from: string;
	    to: string;
	    date: string;
	}
	export interface BounceRecipient {
	    address: string;
	    asked: string;
	    status: string;
	    reply: string;
	    words: string;
	    remote: string;
	    cause: string;
	    fault: BounceFault;
	    final: boolean;
	    delayed: boolean;
	    rule: string;
	    source: string;
	    list: string;
	    links: string[];
	    acts: string[];
	    triesTill: number;
	}
	export interface BounceReport {
	    kind: BounceKind;
	    form: string;
	    system: string;
	    reporter: string;
	    arrived: number;
	    subject: string;
	    original: BounceOriginal;
	    recipients: BounceRecipient[];
	    cut: boolean;
	}
	export interface MailServer {
	    host: string;
	    port: number;
	    security: Security;
	    place: string;
	}
	export interface CardOrder {
	    moveId: string;
	    provider: string;
	    smtp: MailServer;
	    language: PaperLanguage;
	}
	export interface CardPerson {
	    name: string;
	    address: string;
	}
	export interface CardPlan {
	    provider: string;
	    server: MailServer;
	    people: CardPerson[];
	    nameless: number;
	}
	export interface CertificateFact {
	    subject: string;
	    issuer: string;
	    notAfter: number;
	    sha256: string;
	    reason: string;
	}
	export interface CertificateOrder {
	    moveId: string;
	    mailboxId: string;
	    format: CertificateFormat;
	    language: PaperLanguage;
	    perPerson: boolean;
	    left: boolean;
	}
	export interface Problem {
	    code: ErrorCode;
	    class: string;
	    args: Record<string, string>;
	    server: string;
	}
	export interface MissingLeft {
	    mailbox: string;
	    count: number;
	    problem: Problem;
	}
	export interface CertificateSaved {
	    path: string;
	    files: number;
	    left: number;
	    missing: MissingLeft[];
	    check: string;
	}
	export interface ChangeCount {
	    kind: ChangeKind;
	    n: number;
	}
	export interface ChangeDiff {
	    attr: string;
	    part: string;
	    before: string[];
	    after: string[];
	    secret: boolean;
	    untold: boolean;
	}
	export interface ChangeRefusal {
	    code: ErrorCode;
	    attr: string;
	    why: OfficeReason;
	    key: string;
	    console: string;
	    args: Record<string, string>;
	    clash: ChangeDiff[];
	}
	export interface ChangeStep {
	    number: number;
	    kind: ChangeKind;
	    target: string;
	    label: string;
	    row: number;
	    diffs: ChangeDiff[];
	    danger: ChangeDanger;
	    undoable: boolean;
	    keepsBack: KeepsBack;
	    stays: string[];
	    lists: string[];
	    listsStay: boolean;
	    refusal?: ChangeRefusal;
	}
	export interface ChangePlan {
	    id: string;
	    office: string;
	    made: number;
	    steps: ChangeStep[];
	    danger: ChangeDanger;
	    typed: string;
	    ready: number;
	    refused: number;
	    undoes: string;
	}
	
	export interface ChangeResult {
	    step: ChangeStep;
	    outcome: ChangeOutcome;
	    newId: string;
	    problem?: Problem;
	    at: number;
	}
	export interface ChangeRun {
	    id: string;
	    seq: number;
	    office: string;
	    title: string;
	    started: number;
	    ended: number;
	    state: RunState;
	    total: number;
	    done: number;
	    failed: number;
	    undoes: string;
	    undone: string;
	    canUndo: number;
	    kinds: ChangeCount[];
	    problem?: Problem;
	}
	export interface ChangeResults {
	    run: ChangeRun;
	    total: number;
	    rows: ChangeResult[];
	}
	
	
	export interface CheckInfo {
	    id: string;
	    group: CheckGroup;
	    source: string;
	    reasons: string[];
	}
	export interface CheckedRow {
	    fromUser: string;
	    toUser: string;
	    fromPassword: boolean;
	    toPassword: boolean;
	    fromHost: string;
	    toHost: string;
	}
	export interface CheckedSide {
	    host: string;
	    port: number;
	    noUser: boolean;
	    noPassword: boolean;
	}
	export interface CloseAsked {
	    running: number;
	}
	export interface FileProblem {
	    code: string;
	    row: number;
	    column: string;
	    value: string;
	    first: number;
	    light: boolean;
	}
	export interface ContactFileRow {
	    row: number;
	    name: string;
	    address: string;
	    what: string;
	    set: string[];
	    found: string;
	}
	export interface ContactFile {
	    kind: string;
	    encoding: string;
	    sheets: string[];
	    sheet: string;
	    ignored: string[];
	    new: number;
	    changed: number;
	    same: number;
	    left: number;
	    stopped: number;
	    groups: string[];
	    rows: ContactFileRow[];
	    problems: FileProblem[];
	}
	
	export interface FileSource {
	    path: string;
	    base64: string;
	    sheet: string;
	}
	export interface ContactSource {
	    file: FileSource;
	    existing: ContactExisting;
	    group: string;
	}
	export interface Counts {
	    messages: number;
	    copied: number;
	    alreadyThere: number;
	    excluded: number;
	    leftBehind: number;
	    pending: number;
	}
	export interface Endpoint {
	    kind: EndpointKind;
	    side: PracticeSide;
	    host: string;
	    port: number;
	    security: Security;
	    auth: AuthMethod;
	    user: string;
	    authz: string;
	    secret: string;
	    app: string;
	    separator: string;
	    pin: string;
	    ca: string;
	    path: string;
	    sealed: boolean;
	}
	export interface Invitation {
	    id: string;
	    office: string;
	    fingerprint: string;
	    key: string;
	    person: string;
	    from: Endpoint;
	    to: Endpoint;
	    expires: number;
	    expired?: Problem;
	    moveId: string;
	}
	export interface CurrentInvitation {
	    file: string;
	    invitation?: Invitation;
	}
	export interface DMARCSource {
	    ip: string;
	    count: number;
	    passed: number;
	    spf: number;
	    dkim: number;
	    forwarded: number;
	    stopped: number;
	    receivers: string[];
	    signed: string[];
	    failing: boolean;
	}
	export interface DMARCReports {
	    domain: string;
	    from: number;
	    to: number;
	    reports: number;
	    count: number;
	    passed: number;
	    forwarded: number;
	    policy: string;
	    sources: DMARCSource[];
	    advice: RaiseAdvice;
	    passedPer1000: number;
	}
	
	
	export interface DNSRecord {
	    type: string;
	    name: string;
	    value: string;
	    priority: number;
	    ttl: number;
	}
	export interface Difference {
	    mailboxId: string;
	    folder: string;
	    uid: number;
	    kind: string;
	    detail: string;
	}
	export interface DirectoryHits {
	    seq: number;
	    ids: string[];
	}
	export interface DirectoryIndex {
	    seq: number;
	    texts: string[];
	}
	export interface OfficeList {
	    id: string;
	    address: string;
	    name: string;
	    remark: string;
	    members: string[];
	    lists: string[];
	    departments: string[];
	    policy: string;
	    senders: string[];
	    hidden: string;
	    off: string;
	    partial: boolean;
	}
	export interface DirectoryList {
	    list: OfficeList;
	    fresh: boolean;
	    problem?: Problem;
	}
	export interface DirectoryNews {
	    time: number;
	    object: string;
	    id: string;
	    label: string;
	    what: string;
	    diffs: ChangeDiff[];
	    seen: boolean;
	}
	export interface OfficeSignIn {
	    way: string;
	    allowed: string;
	}
	export interface OfficeForward {
	    to: string[];
	    keep: boolean;
	}
	export interface OfficePerson {
	    id: string;
	    address: string;
	    name: string;
	    departments: string[];
	    title: string;
	    mobile: string;
	    phone: string;
	    staffNo: string;
	    remark: string;
	    gender: string;
	    aliases: string[];
	    status: string;
	    hidden: string;
	    hiddenAddresses: string[];
	    mustChange: string;
	    quota: number;
	    used: number;
	    forward?: OfficeForward;
	    mailRights: string;
	    signIn: OfficeSignIn[];
	    created: number;
	    expires: number;
	    lastSignIn: number;
	    partial: boolean;
	}
	export interface DirectoryPerson {
	    person: OfficePerson;
	    fresh: boolean;
	    problem?: Problem;
	}
	export interface DirectoryRow {
	    id: string;
	    address: string;
	    name?: string;
	    departments?: string[];
	    title?: string;
	    mobile?: string;
	    phone?: string;
	    staffNo?: string;
	    remark?: string;
	    gender?: string;
	    aliases?: string[];
	    status: string;
	    hidden?: string;
	    hiddenAddresses?: string[];
	    mustChange?: string;
	    quota?: number;
	    used?: number;
	    forward?: OfficeForward;
	    mailRights?: string;
	    created?: number;
	    expires?: number;
	    lastSignIn?: number;
	    partial?: boolean;
	}
	export interface OfficeTag {
	    id: string;
	    name: string;
	    people: string[];
	    departments: string[];
	    partial: boolean;
	}
	export interface OfficeContactGroup {
	    id: string;
	    name: string;
	    order: number;
	}
	export interface OfficeContact {
	    id: string;
	    name: string;
	    addresses: string[];
	    mobile: string;
	    phone: string;
	    company: string;
	    title: string;
	    remark: string;
	    groups: string[];
	    order: number;
	}
	export interface OfficeDepartment {
	    id: string;
	    parent: string;
	    name: string;
	    remark: string;
	    order: number;
	}
	export interface OfficeDomain {
	    name: string;
	    alias: boolean;
	    off: boolean;
	    remark: string;
	}
	export interface DirectorySnapshot {
	    office: string;
	    seq: number;
	    refreshed: number;
	    refreshing: boolean;
	    problem?: Problem;
	    domains: OfficeDomain[];
	    people: DirectoryRow[];
	    departments: OfficeDepartment[];
	    lists: OfficeList[];
	    contacts: OfficeContact[];
	    groups: OfficeContactGroup[];
	    tags: OfficeTag[];
	}
	export interface DirectoryState {
	    office: string;
	    seq: number;
	    refreshed: number;
	    refreshing: boolean;
	    read: number;
	    began: number;
	    problem?: Problem;
	    people: number;
	    departments: number;
	    lists: number;
	    unseen: number;
	}
	export interface DraftHead {
	    id: string;
	    moveId: string;
	    step: number;
	    steps: number;
	    title: string;
	    people: number;
	    updated: number;
	}
	
	export interface PapersProgress {
	    requestId: string;
	    done: number;
	    total: number;
	}
	export interface RecordsNewer {
	    officeId: string;
	}
	export interface RecordsProgress {
	    officeId: string;
	    running: boolean;
	    first: boolean;
	    kind: RecordKind;
	    person: string;
	    from: number;
	    to: number;
	    done: number;
	    all: number;
	    rows: number;
	    new: number;
	    left: number;
	    pace: number;
	    problem?: Problem;
	}
	export interface OfficesChanged {
	    officeId: string;
	}
	export interface MonitorChange {
	    watchId: string;
	    domain: string;
	    at: number;
	    check: string;
	    subject: string;
	    from: Verdict;
	    to: Verdict;
	    reason: string;
	    worse: boolean;
	}
	export interface MonitorLook {
	    at: number;
	    verdict: Verdict;
	    away: boolean;
	    fails: number;
	    warns: number;
	    passes: number;
	    took: number;
	}
	export interface MonitorTold {
	    seq: number;
	    watchId: string;
	    look: MonitorLook;
	    changes: MonitorChange[];
	}
	export interface LetterStep {
	    requestId: string;
	    step: string;
	}
	export interface ExamEnded {
	    id: string;
	    seq: number;
	    state: ExamState;
	}
	export interface FindingFix {
	    kind: string;
	    name: string;
	    type: string;
	    value: string;
	    provider: string;
	    link: string;
	}
	export interface FindingEvidence {
	    kind: string;
	    title: string;
	    text: string;
	}
	export interface FindingWords {
	    title: string;
	    text: string;
	    todo: string;
	}
	export interface Finding {
	    check: string;
	    group: CheckGroup;
	    subject: string;
	    verdict: Verdict;
	    reason: string;
	    key: string;
	    facts: Record<string, string>;
	    zh: FindingWords;
	    en: FindingWords;
	    evidence: FindingEvidence[];
	    fix: FindingFix[];
	    source: string;
	    tookMs: number;
	}
	export interface ExamFound {
	    id: string;
	    seq: number;
	    done: number;
	    total: number;
	    findings: Finding[];
	}
	export interface FileOffered {
	    file: string;
	}
	export interface Navigate {
	    to: string;
	}
	export interface Startup {
	    ready: boolean;
	    problem?: Problem;
	}
	export interface SignInStep {
	    requestId: string;
	    url: string;
	    code: string;
	    expires: number;
	}
	export interface VaultStatus {
	    state: VaultState;
	    keychain: boolean;
	    problem?: Problem;
	}
	export interface MoveEvent {
	    id: number;
	    moveId: string;
	    at: number;
	    kind: EventKind;
	    mailboxId: string;
	    mailbox: string;
	    facts: Record<string, string>;
	}
	export interface SwitchChanged {
	    moveId: string;
	}
	export interface MoveRemoved {
	    moveId: string;
	}
	export interface MoveChanged {
	    seq: number;
	    moveId: string;
	    state: MoveState;
	}
	export interface MailboxProgress {
	    mailboxId: string;
	    state: MailboxState;
	    phase: Phase;
	    folder: string;
	    counts: Counts;
	    bytesDone: number;
	    bytesTotal: number;
	    flagsSet: number;
	    verified: number;
	    waitUntil: number;
	    waitClass: string;
	    perSecond: number;
	    bytesRate: number;
	    etaMs: number;
	    problem?: Problem;
	}
	export interface MoveProgress {
	    seq: number;
	    moveId: string;
	    state: MoveState;
	    counts: Counts;
	    bytesDone: number;
	    bytesTotal: number;
	    perSecond: number;
	    bytesRate: number;
	    etaMs: number;
	    away: EventKind;
	    awayHost: string;
	    mailboxes: MailboxProgress[];
	}
	export interface Events {
	    "move:progress": MoveProgress;
	    "move:changed": MoveChanged;
	    "move:removed": MoveRemoved;
	    "switch:changed": SwitchChanged;
	    "move:told": MoveEvent;
	    "vault:changed": VaultStatus;
	    "signin:step": SignInStep;
	    "app:ready": Startup;
	    "app:closing": CloseAsked;
	    "app:navigate": Navigate;
	    "invite:offered": FileOffered;
	    "exam:found": ExamFound;
	    "exam:ended": ExamEnded;
	    "assist:changed": AssistChanged;
	    "letter:step": LetterStep;
	    "monitor:told": MonitorTold;
	    "office:changed": OfficesChanged;
	    "directory:changed": DirectoryState;
	    "run:progress": ChangeRun;
	    "records:progress": RecordsProgress;
	    "records:news": RecordsNewer;
	    "papers:progress": PapersProgress;
	}
	export interface OutgoingServer {
	    host: string;
	    port: number;
	    security: Security;
	    user: string;
	    secret: string;
	    pin: string;
	}
	export interface ExamRequest {
	    domain: string;
	    provider: string;
	    leaving: string;
	    switching: boolean;
	    ownHost: boolean;
	    parked: boolean;
	    selectors: string[];
	    sendingIp: string[];
	    only: string[];
	    resolver: string;
	    spread: boolean;
	    lists: boolean;
	    mailbox?: Endpoint;
	    outgoing?: OutgoingServer;
	}
	export interface Exam {
	    id: string;
	    request: ExamRequest;
	    domain: string;
	    shown: string;
	    state: ExamState;
	    verdict: Verdict;
	    counts: Record<string, number>;
	    done: number;
	    total: number;
	    started: number;
	    tookMs: number;
	    queries: number;
	    findings: Finding[];
	    seq: number;
	}
	
	
	
	export interface ProviderStep {
	    admin: boolean;
	    textZh: string;
	    textEn: string;
	    link: string;
	}
	export interface ExplainedCause {
	    id: string;
	    who: string;
	    own: number;
	    steps: ProviderStep[];
	    same: boolean;
	    servers: MailServer[];
	    link: string;
	    page: string;
	    change: ExplainThen;
	}
	export interface ExplainedMail {
	    subject: string;
	    body: string;
	}
	export interface Explanation {
	    class: string;
	    provider: string;
	    nameZh: string;
	    nameEn: string;
	    secretZh: string;
	    secretEn: string;
	    causes: ExplainedCause[];
	}
	export interface ExportDone {
	    path: string;
	    rows: number;
	    more: boolean;
	}
	
	
	
	
	
	
	
	export interface FolderChoice {
	    sourceId: string;
	    skip: boolean;
	    target: string;
	}
	export interface FolderGroup {
	    source: string;
	    role: FolderRole;
	    people: number;
	    skipped: number;
	    own: number;
	    messages: number;
	    target: string;
	    targets: number;
	    action: FolderAction;
	    reason: string;
	    changes: string[];
	    ruled: boolean;
	}
	export interface FolderRule {
	    source: string;
	    role: FolderRole;
	    skip: boolean;
	    target: string;
	}
	export interface FoundCandidate {
	    provider: string;
	    by: FoundBy;
	    evidence: string;
	    certainty: Certainty;
	    user: string;
	    imap: MailServer[];
	}
	export interface FoundProvider {
	    address: string;
	    domain: string;
	    candidates: FoundCandidate[];
	    gatewayZh: string;
	    gatewayEn: string;
	    senderZh: string;
	    senderEn: string;
	    offline: boolean;
	}
	export interface FrontDeskState {
	    locked: boolean;
	    officeId: string;
	    language: Language;
	}
	export interface GuideNode {
	    id: string;
	    probe: string;
	    ask: string[];
	    acts: string[];
	    next: Record<string, string>;
	}
	export interface Guide {
	    id: string;
	    start: string;
	    nodes: GuideNode[];
	}
	export interface GuidePrevention {
	    id: string;
	    every: string;
	    act: string;
	}
	export interface GuideQuestion {
	    id: string;
	    words: string[];
	    guide: string;
	    act: string;
	}
	export interface GuideAdvice {
	    questions: GuideQuestion[];
	    prevent: GuidePrevention[];
	}
	export interface GuideAnswer {
	    outcome: string;
	    evidence: FindingEvidence[];
	    problem?: Problem;
	}
	
	export interface GuidePlace {
	    address: string;
	    domain: string;
	    provider: string;
	    nameZh: string;
	    nameEn: string;
	    endpoint: Endpoint;
	    outgoing: OutgoingServer;
	    secretZh: string;
	    secretEn: string;
	    help: string;
	    console: string;
	    webmail: string;
	    guessed: boolean;
	}
	
	export interface GuideProbe {
	    probe: string;
	    domain: string;
	    endpoint: Endpoint;
	    outgoing: OutgoingServer;
	    provider: string;
	}
	
	export interface HeaderSeal {
	    instance: number;
	    domain: string;
	    says: string;
	    auth: string;
	}
	export interface HeaderChain {
	    result: string;
	    reason: string;
	    seals: HeaderSeal[];
	}
	export interface HeaderClaim {
	    server: string;
	    top: boolean;
	    field: string;
	    method: string;
	    result: string;
	    domain: string;
	    reason: string;
	}
	export interface HeaderDMARC {
	    result: string;
	    claimed: string;
	    policy: string;
	    record: string;
	    at: string;
	    asked: boolean;
	    spf: boolean;
	    dkim: boolean;
	    spfDomain: string;
	    dkimDomain: string;
	}
	export interface HeaderGround {
	    code: string;
	    weight: number;
	    facts: Record<string, string>;
	}
	export interface HeaderHop {
	    from: string;
	    fromIp: string;
	    fromName: string;
	    by: string;
	    with: string;
	    for: string;
	    encrypted: boolean;
	    signedIn: boolean;
	    at: number;
	    delay: number;
	    skew: number;
	    raw: string;
	}
	export interface HeaderJunk {
	    verdict: JunkVerdict;
	    score: number;
	    grounds: HeaderGround[];
	}
	export interface HeaderSymbol {
	    name: string;
	    score: string;
	    topic: string;
	}
	export interface HeaderMark {
	    system: string;
	    field: string;
	    value: string;
	    limit: string;
	    means: string;
	    weight: number;
	    observed: boolean;
	    source: string;
	    symbols: HeaderSymbol[];
	}
	export interface HeaderOddity {
	    code: string;
	    facts: Record<string, string>;
	}
	export interface HeaderSignature {
	    domain: string;
	    selector: string;
	    algorithm: string;
	    signed: string[];
	    at: number;
	    expires: number;
	    notes: string[];
	    claimed: string;
	    verified: string;
	    reason: string;
	    detail: string;
	}
	export interface HeaderReport {
	    whole: boolean;
	    cut: boolean;
	    from: string;
	    fromDomain: string;
	    returnPath: string;
	    replyTo: string;
	    to: string;
	    subject: string;
	    messageId: string;
	    sent: number;
	    hops: HeaderHop[];
	    total: number;
	    spf: string;
	    spfDomain: string;
	    spfReason: string;
	    dkim: HeaderSignature[];
	    arc: HeaderChain;
	    dmarc: HeaderDMARC;
	    claims: HeaderClaim[];
	    marks: HeaderMark[];
	    oddities: HeaderOddity[];
	    junk: HeaderJunk;
	    findings: Finding[];
	}
	
	
	
	export interface IntakeChoice {
	    row: number;
	    existing: IntakeExisting;
	}
	export interface IntakePerson {
	    row: number;
	    name: string;
	    address: string;
	    departments: string[];
	    aliases: string[];
	    made: boolean;
	}
	export interface IntakeProblem {
	    code: string;
	    weight: IntakeWeight;
	    row: number;
	    column: string;
	    cell: string;
	    value: string;
	    first: number;
	    fixed: string;
	    use: string;
	    who: string;
	    facts: string[];
	}
	export interface IntakeThere {
	    row: number;
	    name: string;
	    address: string;
	    now: string;
	    other: boolean;
	    existing: IntakeExisting;
	    cells: ChangeDiff[];
	}
	export interface IntakeResult {
	    path: string;
	    encoding: string;
	    sheets: string[];
	    sheet: string;
	    hidden: number;
	    total: number;
	    stopped: number;
	    already: number;
	    changed: number;
	    there: IntakeThere[];
	    people: IntakePerson[];
	    departments: string[];
	    problems: IntakeProblem[];
	}
	export interface IntakeSource {
	    path: string;
	    base64: string;
	    sheet: string;
	    hidden: boolean;
	    makePasswords: boolean;
	    mustChange: boolean;
	    makeDepartments: boolean;
	    department: string;
	    umlaut: string;
	    existing: IntakeExisting;
	    chosen: IntakeChoice[];
	}
	
	
	export interface InviteOrder {
	    moveId: string;
	    mailboxIds: string[];
	    office: string;
	    days: number;
	    files: boolean;
	}
	export interface InviteState {
	    mailboxId: string;
	    made: number;
	    expires: number;
	    taken: number;
	    ended: number;
	}
	export interface InviteText {
	    mailboxId: string;
	    label: string;
	    address: string;
	    file: string;
	    text: string;
	}
	export interface InvitesMade {
	    folder: string;
	    fingerprint: string;
	    expires: number;
	    texts: InviteText[];
	}
	export interface JoinerLetter {
	    to: string;
	    subject: string;
	    text: string;
	    eml: boolean;
	}
	export interface JoinerServer {
	    name: string;
	    at: MailServer;
	}
	export interface JoinerSettings {
	    servers: JoinerServer[];
	    webMail: string;
	}
	export interface KeyFile {
	    path: string;
	    email: string;
	    client: string;
	}
	export interface RecordGap {
	    from: number;
	    to: number;
	    reason: GapReason;
	    code: ErrorCode;
	    days: number;
	}
	export interface KindGap {
	    kind: RecordKind;
	    gap: RecordGap;
	}
	export interface LeftMessage {
	    mailboxId: string;
	    mailbox: string;
	    folder: string;
	    uid: number;
	    date: number;
	    from: string;
	    subject: string;
	    size: number;
	    class: string;
	    server: string;
	}
	export interface LeftPage {
	    total: number;
	    rows: LeftMessage[];
	}
	export interface LetterSide {
	    address: string;
	    endpoint: Endpoint;
	    outgoing: OutgoingServer;
	}
	export interface LetterRequest {
	    from: LetterSide;
	    to: LetterSide;
	    remove: boolean;
	    language: Language;
	}
	export interface LetterResult {
	    judgement: LetterJudgement;
	    times: Record<string, number>;
	    folder: string;
	    messageId: string;
	    header?: HeaderReport;
	    removed: boolean;
	    removeProblem?: Problem;
	    problem?: Problem;
	    at: string;
	}
	
	
	export interface ListFileRow {
	    row: number;
	    address: string;
	    name: string;
	    fresh: boolean;
	    set: string[];
	    members: number;
	}
	export interface ListFile {
	    encoding: string;
	    sheets: string[];
	    sheet: string;
	    new: number;
	    changed: number;
	    same: number;
	    stopped: number;
	    rows: ListFileRow[];
	    problems: FileProblem[];
	}
	
	export interface LogFile {
	    path: string;
	    format: string;
	    lines: number;
	    new: number;
	    updated: number;
	    same: number;
	    bad: number;
	    half: boolean;
	    known: boolean;
	    problem?: Problem;
	}
	export interface LogFolder {
	    path: string;
	    zone: string;
	}
	export interface NamedAddress {
	    address: string;
	    name: string;
	}
	export interface LookupStranger {
	    asked: string;
	    near: NamedAddress[];
	}
	export interface RecordFigures {
	    sent: number;
	    received: number;
	    sentBytes: number;
	    receivedBytes: number;
	    turned: number;
	    bounced: number;
	    signIns: number;
	    refused: number;
	    acts: number;
	    used: number;
	    quota: number;
	}
	export interface RecordPerson {
	    person: string;
	    name: string;
	    figures: RecordFigures;
	}
	export interface RecordFact {
	    name: string;
	    value: string;
	}
	export interface RecordTraffic {
	    sent: number;
	    received: number;
	    sentBytes: number;
	    receivedBytes: number;
	    used: number;
	    quota: number;
	}
	export interface RecordRow {
	    id: string;
	    source: string;
	    kind: RecordKind;
	    at: number;
	    zone: string;
	    person: string;
	    name: string;
	    from: string;
	    to: string[];
	    subject: string;
	    size: number;
	    ip: string;
	    method: RecordMethod;
	    agent: string;
	    action: RecordAction;
	    target: string;
	    outcome: RecordOutcome;
	    said: string;
	    remark: string;
	    times: number;
	    messageId: string;
	    vendorId: string;
	    traffic?: RecordTraffic;
	    facts: RecordFact[];
	}
	export interface LookupShare {
	    outcome: string;
	    count: number;
	}
	export interface LookupSource {
	    source: string;
	    from: number;
	    to: number;
	    sure: boolean;
	}
	export interface LookupFacts {
	    at: number;
	    later: number;
	    person: string;
	    by: string;
	    from: string;
	    to: string;
	    subject: string;
	    folder: string;
	    ip: string;
	    said: string;
	    count: number;
	    people: number;
	    more: boolean;
	    bad: number;
	    since: number;
	    until: number;
	    gaps: RecordGap[];
	    has: string[];
	    sources: LookupSource[];
	    lacks: string[];
	    shares: LookupShare[];
	    bytes: number;
	}
	export interface LookupQuestion {
	    text: string;
	    about: LookupAbout;
	    who: string[];
	    anyOf: string[];
	    outcomes: string[];
	    actions: string[];
	    words: string;
	    larger: number;
	    smaller: number;
	    from: number;
	    to: number;
	}
	export interface LookupAnswer {
	    question: LookupQuestion;
	    verdict: LookupVerdict;
	    facts: LookupFacts;
	    line: RecordRow[];
	    others: RecordRow[];
	    top: RecordPerson[];
	    strangers: LookupStranger[];
	}
	
	
	
	
	
	export interface MailPlace {
	    endpoint: Endpoint;
	    folder: string;
	    validity: number;
	    uid: number;
	}
	export interface MailInput {
	    text: string;
	    path: string;
	    base64: string;
	    picked?: MailPlace;
	}
	export interface MailItem {
	    folder: string;
	    shown: string;
	    junk: boolean;
	    validity: number;
	    uid: number;
	    from: string;
	    subject: string;
	    date: number;
	    size: number;
	}
	
	
	export interface MailboxInput {
	    label: string;
	    from: Endpoint;
	    to: Endpoint;
	    self?: boolean;
	}
	export interface Trouble {
	    folder: string;
	    problem: Problem;
	}
	export interface MoveEstimate {
	    folders: number;
	    messages: number;
	    bytes: number;
	    toCopy: number;
	    toCopyBytes: number;
	    already: number;
	    willLeave: number;
	    roomNeeded: number;
	    roomFree: number;
	    maxMessage: number;
	    seconds: number;
	    days: number;
	    warnings: Trouble[];
	}
	export interface MailboxMove {
	    id: string;
	    label: string;
	    from: Endpoint;
	    to: Endpoint;
	    state: MailboxState;
	    held: boolean;
	    out: boolean;
	    problem?: Problem;
	    estimate?: MoveEstimate;
	    progress: MailboxProgress;
	    verified: VerifyLevel;
	    differences: number;
	    notes: string[];
	    troubles: Trouble[];
	    self?: boolean;
	}
	
	
	
	export interface MonitorHistory {
	    looks: MonitorLook[];
	    changes: MonitorChange[];
	}
	
	
	export interface ReportFile {
	    name: string;
	    language: Language;
	    format: string;
	}
	export interface MonthReport {
	    month: string;
	    made: number;
	    auto: boolean;
	    gaps: number;
	    files: ReportFile[];
	}
	export interface MoveCan {
	    edit: boolean;
	    plan: boolean;
	    start: boolean;
	    pause: boolean;
	    goOn: boolean;
	    cancel: boolean;
	    retry: boolean;
	    verify: boolean;
	    undo: boolean;
	    remove: boolean;
	    certificate: boolean;
	}
	export interface MoveRepeat {
	    hours: number;
	    at: number;
	}
	export interface MoveSchedule {
	    mode: ScheduleMode;
	    at: number;
	    zone: string;
	    from: number;
	    to: number;
	    days: number[];
	    slow: number;
	    bytesPerDay: number;
	}
	export interface MoveOptions {
	    verify: VerifyLevel;
	    parallel: number;
	    connections: number;
	    bytesPerSecond: number;
	    bytesPerDay: number;
	    excludeDeleted: boolean;
	    since: string;
	    before: string;
	    exclude: string[];
	    schedule: MoveSchedule;
	    repeat: MoveRepeat;
	    include: string[];
	    folderRules: FolderRule[];
	}
	export interface MoveUndid {
	    deleted: number;
	    kept: number;
	}
	export interface MoveForecast {
	    at: number;
	    brake: Brake;
	}
	export interface Move {
	    id: string;
	    name: string;
	    practice: boolean;
	    state: MoveState;
	    planned: boolean;
	    created: number;
	    started: number;
	    ended: number;
	    problem?: Problem;
	    stored: number;
	    progress: MoveProgress;
	    finish: MoveForecast;
	    next: number;
	    hold: EventKind;
	    runs: number;
	    whole: number;
	    undid?: MoveUndid;
	    options: MoveOptions;
	    mailboxes: MailboxMove[];
	    can: MoveCan;
	}
	
	
	export interface MoveDraftInput {
	    name: string;
	    mailboxes: MailboxInput[];
	    options: MoveOptions;
	}
	
	
	export interface MoveFolder {
	    sourceId: string;
	    source: string;
	    target: string;
	    role: FolderRole;
	    action: FolderAction;
	    reason: string;
	    changes: string[];
	    chosen: boolean;
	    own: boolean;
	    counts: Counts;
	    bytes: number;
	    verified: VerifyLevel;
	    errorCode: ErrorCode;
	}
	
	
	
	
	
	
	
	
	
	export interface OfficePasswordRule {
	    min: number;
	    max: number;
	    letters: boolean;
	    digits: boolean;
	    cases: boolean;
	    symbols: boolean;
	    kinds: number;
	    noAddress: boolean;
	    noRuns: number;
	    opaque: boolean;
	}
	export interface OfficeListTraits {
	    policies: string[];
	    outside: boolean;
	    nested: boolean;
	    departments: boolean;
	    hidden: boolean;
	    off: boolean;
	    rename: boolean;
	    nameless: boolean;
	    remark: boolean;
	    maxMembers: number;
	}
	export interface OfficeSupport {
	    capability: string;
	    can: boolean;
	    local: boolean;
	    why: OfficeReason;
	    key: string;
	    console: string;
	}
	export interface OfficeCapabilities {
	    support: OfficeSupport[];
	    create: string[];
	    change: string[];
	    department: string[];
	    manyDepartments: boolean;
	    keeps: string[];
	    maxAliases: number;
	    primaryNew: boolean;
	    lists: OfficeListTraits;
	    password: OfficePasswordRule;
	    signInWays: string[];
	}
	export interface SeenValue {
	    attr: string;
	    values: string[];
	}
	export interface OfficeChange {
	    kind: ChangeKind;
	    target: string;
	    handle: string;
	    label: string;
	    row: number;
	    set: string[];
	    person?: OfficePerson;
	    password: string;
	    mustChange: boolean;
	    address: string;
	    heir: string;
	    keep: string;
	    forward?: OfficeForward;
	    rights: string;
	    way: string;
	    on: boolean;
	    department?: OfficeDepartment;
	    list?: OfficeList;
	    add: string[];
	    remove: string[];
	    contact?: OfficeContact;
	    group?: OfficeContactGroup;
	    tag?: OfficeTag;
	    seen: SeenValue[];
	}
	export interface OfficeCheck {
	    ok: boolean;
	    problem?: Problem;
	    domains: OfficeDomain[];
	    capabilities: OfficeCapabilities;
	}
	
	
	
	
	export interface OfficeDraft {
	    id: string;
	    name: string;
	    provider: string;
	    domain: string;
	    values: Record<string, string>;
	    secrets: Record<string, string>;
	    baseUrl: string;
	    readOnly: boolean;
	}
	export interface OfficeField {
	    key: string;
	    kind: OfficeFieldKind;
	    required: boolean;
	    choices: string[];
	    example: string;
	    help: string;
	}
	export interface OfficeFinding {
	    part: string;
	    grade: DomainGrade;
	    words: string[];
	    advice: string[];
	}
	
	export interface OfficeGuess {
	    domain: string;
	    preset: string;
	    provider: string;
	    certainty: Certainty;
	    offline: boolean;
	}
	export interface OfficeInfo {
	    id: string;
	    name: string;
	    title: string;
	    provider: string;
	    domain: string;
	    values: Record<string, string>;
	    secrets: string[];
	    baseUrl: string;
	    readOnly: boolean;
	    current: boolean;
	    added: number;
	    missing: boolean;
	}
	
	
	export interface OfficeMaker {
	    id: string;
	    name: string;
	    chineseName: string;
	    console: string;
	    fields: OfficeField[];
	}
	
	
	export interface OfficeRecord {
	    name: string;
	    type: string;
	    value: string;
	    note: string;
	    host: boolean;
	}
	
	
	
	
	export interface ResultTaken {
	    moveId: string;
	    mailboxId: string;
	    label: string;
	    state: MailboxState;
	    counts: Counts;
	    ended: number;
	    again: boolean;
	}
	export interface OpenedFile {
	    invitation?: Invitation;
	    result?: ResultTaken;
	}
	export interface OutcomeCount {
	    kind: RecordKind;
	    outcome: RecordOutcome;
	    n: number;
	}
	
	
	export interface PasswordCheck {
	    password: string;
	    broken: string[];
	}
	export interface PeopleCheck {
	    from: CheckedSide;
	    to: CheckedSide;
	    rows: CheckedRow[];
	    unknown: string[];
	}
	export interface RowProblem {
	    row: number;
	    column: string;
	    problem: Problem;
	}
	export interface PersonRow {
	    row: number;
	    name: string;
	    fromUser: string;
	    fromSecret: string;
	    toUser: string;
	    toSecret: string;
	    from?: Endpoint;
	    to?: Endpoint;
	}
	export interface PeopleList {
	    path: string;
	    encoding: string;
	    rows: PersonRow[];
	    problems: RowProblem[];
	    ignored: string[];
	    sheets: string[];
	    sheet: string;
	    hidden: number;
	    formula: string;
	    empty: string;
	    merged: string[];
	    guessed: boolean;
	}
	export interface PeopleSource {
	    path: string;
	    text: string;
	    sheet: string;
	    hidden: boolean;
	}
	
	export interface PracticePerson {
	    name: string;
	    englishName: string;
	    title: string;
	    department: string;
	    englishDepartment: string;
	    address: string;
	    newAddress: string;
	    messages: number;
	    bytes: number;
	    from: Endpoint;
	    to: Endpoint;
	}
	export interface PracticeOffice {
	    company: string;
	    englishCompany: string;
	    people: PracticePerson[];
	    messages: number;
	    bytes: number;
	}
	
	
	export interface ProviderInfo {
	    id: string;
	    nameZh: string;
	    nameEn: string;
	    also: string[];
	    kind: ProviderKind;
	    family: string;
	    imap: MailServer[];
	    ways: string[];
	    secretZh: string;
	    secretEn: string;
	    oauth: string;
	    steps: ProviderStep[];
	    help: string;
	    webMail: string;
	    console: string;
	}
	
	export interface RecordDay {
	    day: string;
	    figures: RecordFigures;
	}
	export interface RecordPast {
	    until: number;
	    row: RecordRow;
	}
	export interface RecordDetail {
	    row: RecordRow;
	    past: RecordPast[];
	    story: LookupAnswer;
	}
	
	
	export interface RecordForm {
	    words: string;
	    person: string;
	    address: string;
	    from: string;
	    to: string;
	    subject: string;
	    ip: string;
	    kinds: string[];
	    outcomes: string[];
	    methods: string[];
	    actions: string[];
	    after: string;
	    before: string;
	}
	
	export interface RecordLack {
	    kind: RecordKind;
	    why: string;
	}
	export interface UsualDay {
	    day: string;
	    count: number;
	}
	export interface UnusualThing {
	    id: string;
	    rule: FindingRule;
	    person: string;
	    at: number;
	    until: number;
	    count: number;
	    ip: string;
	    network: string;
	    target: string;
	    hour: number;
	    day: string;
	    usual: number;
	    like: UsualDay[];
	    evidence: string[];
	    dismissed: boolean;
	}
	export interface RecordNews {
	    officeId: string;
	    title: string;
	    provider: string;
	    kind: RecordNewsKind;
	    months: string[];
	    changed: string[];
	    folder: boolean;
	    domain: string;
	    zone: string;
	    unusual: UnusualThing[];
	}
	export interface RecordPage {
	    rows: RecordRow[];
	    next: string;
	}
	
	
	export interface RecordQuery {
	    shelf: string;
	    question: string;
	    before: string;
	    limit: number;
	}
	
	export interface RecordSchedule {
	    every: number;
	    hours: boolean;
	    from: number;
	    to: number;
	    days: number[];
	    back: number;
	}
	export interface RecordSource {
	    source: string;
	    kind: RecordKind;
	    from: number;
	    until: number;
	    asked: number;
	    gaps: RecordGap[];
	}
	export interface RecordState {
	    sources: RecordSource[];
	    canFetch: boolean;
	    why: string;
	    running: boolean;
	    lacks: RecordLack[];
	    folders: LogFolder[];
	    months: string[];
	    rows: number;
	    bytes: number;
	    removed: number;
	    title: string;
	    schedule: RecordSchedule;
	    last: number;
	    next: number;
	    barred: boolean;
	}
	export interface RecordStatistics {
	    from: string;
	    to: string;
	    total: RecordFigures;
	    days: RecordDay[];
	    people: RecordPerson[];
	    senders: RecordPerson[];
	    outcomes: OutcomeCount[];
	    gaps: KindGap[];
	    upTo: number;
	}
	
	export interface RecordZone {
	    name: string;
	    computer: string;
	    vendor: string;
	    usual: string[];
	}
	
	
	export interface RemovedOffice {
	    id: string;
	    title: string;
	    provider: string;
	    removed: number;
	    months: string[];
	    rows: number;
	    bytes: number;
	}
	
	export interface ReportState {
	    auto: boolean;
	    folder: string;
	    made: MonthReport[];
	    months: string[];
	}
	
	export interface RowFinding {
	    row: number;
	    column: string;
	    code: string;
	    weight: FindingWeight;
	    first: number;
	    fixed: string;
	    domain: string;
	}
	
	export interface RunPaper {
	    run: string;
	    plan: string;
	    passwords: boolean;
	    format: ListFormat;
	    language: Language;
	}
	export interface SavedRows {
	    name: string;
	    header: string[];
	    rows: string[][];
	}
	export interface SavedSearch {
	    id: string;
	    name: string;
	    question: string;
	    made: number;
	}
	export interface SavedTable {
	    name: string;
	    header: string[];
	    rows: string[][];
	}
	export interface SealCheck {
	    sealed: boolean;
	    intact: boolean;
	    damaged: boolean;
	    made: number;
	    files: number;
	    bytes: number;
	    number: string;
	    changed: number;
	    missing: number;
	    added: number;
	    names: string[];
	}
	
	export interface Settings {
	    language: Language;
	    theme: Theme;
	    resume: ResumePolicy;
	    quiet: boolean;
	}
	export interface SheetFact {
	    name: string;
	    value: string;
	}
	export interface SheetText {
	    title: string;
	    body: string;
	}
	export interface SheetSection {
	    title: string;
	    facts: SheetFact[];
	    texts: SheetText[];
	}
	export interface SheetRequest {
	    language: Language;
	    title: string;
	    lead: string;
	    keep: string[];
	    sections: SheetSection[];
	}
	
	
	export interface SignInApp {
	    id: string;
	    name: string;
	    vendor: SignInVendor;
	    tenant: string;
	    clientId: string;
	    hasSecret: boolean;
	    keyEmail: string;
	    keyClient: string;
	    scope: string;
	    person: boolean;
	    codes: boolean;
	    office: boolean;
	}
	export interface SignInAppInput {
	    id: string;
	    name: string;
	    vendor: SignInVendor;
	    tenant: string;
	    clientId: string;
	    secret: string;
	    keyFile: string;
	}
	export interface SignInResult {
	    ok: boolean;
	    problem?: Problem;
	    certificate?: CertificateFact;
	    family: string;
	    folders: number;
	    messages: number;
	    rtt: number;
	    writable: boolean;
	    stopped: boolean;
	}
	
	export interface SignedIn {
	    secret: string;
	    account: string;
	    other: boolean;
	}
	
	export interface SwitchView {
	    resolver: string;
	    hosts: string[];
	    new: boolean;
	    error: ErrorCode;
	}
	export interface SwitchStep {
	    id: SwitchStepID;
	    state: SwitchState;
	    who: string;
	    stands: string[];
	    should: DNSRecord[];
	    advice: boolean;
	    facts: Record<string, string>;
	}
	export interface Switch {
	    moveId: string;
	    domain: string;
	    from: string;
	    to: string;
	    selector: string;
	    fixedKey: boolean;
	    checked: number;
	    error: ErrorCode;
	    steps: SwitchStep[];
	    views: SwitchView[];
	    resolvers: string[];
	    switchedAt: number;
	    spreadAt: number;
	    watchEnded: number;
	    oldEnded: number;
	    leftBehind: number;
	    mayEnd: string;
	    mayCancel: string;
	}
	
	export interface SwitchInput {
	    domain: string;
	    from: string;
	    to: string;
	    selector: string;
	}
	
	
	
	export interface UndoFolder {
	    mailbox: string;
	    target: string;
	    stored: number;
	    present: number;
	    gone: number;
	    touched: number;
	    read: number;
	    renumbered: boolean;
	}
	export interface UndoOrder {
	    mailboxIds: string[];
	    stored: number;
	    keep: boolean;
	}
	export interface UndoUnknown {
	    mailbox: string;
	    problem: Problem;
	}
	export interface UndoPreview {
	    stored: number;
	    present: number;
	    gone: number;
	    touched: number;
	    read: number;
	    folders: UndoFolder[];
	    unknown: UndoUnknown[];
	}
	
	
	export interface UnusualThresholds {
	    off: string[];
	    alarm: string[];
	    refused: number;
	    burstMails: number;
	    burstMinutes: number;
	    historyDays: number;
	    leastSignIns: number;
	    fewPercent: number;
	    manyPercent: number;
	    leastDays: number;
	}
	
	
	export interface WatchedDomain {
	    id: string;
	    domain: string;
	    only: string[];
	    minutes: number;
	    on: boolean;
	    next: number;
	    last?: MonitorLook;
	}
	export interface WizardDraft {
	    head: DraftHead;
	    handles: string[];
	    document: string;
	}

}

