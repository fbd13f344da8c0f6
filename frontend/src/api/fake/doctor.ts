import type {
  BounceReport,
  DoctorClient,
  Exam,
  Finding,
  Guide,
  HeaderReport,
  MailItem,
  MonitorLook,
  Verdict,
  WatchedDomain,
} from "@/api/doctor";
import { AppError, problem } from "@/api/errors";
import { raised, reports, table } from "@/api/fake/records";
import { nowhere } from "@/api/nowhere";

const returned: BounceReport = {
  kind: "failure",
  form: "dsn",
  system: "Postfix",
  reporter: "mx.office.example",
  arrived: Date.UTC(2026, 10, 2, 1, 12),
  subject: "Undelivered Mail Returned to Sender",
  original: { messageId: "<q1@office.example>", subject: "Quotation", from: "", to: "", date: "" },
  recipients: [
    {
      address: "han@shop.example",
      asked: "",
      status: "5.1.1",
      reply: "550",
      words: "550 5.1.1 User unknown",
      remote: "mx1.shop.example",
      cause: "no-such-user",
      fault: "sender",
      final: true,
      delayed: false,
      rule: "no-user",
      source: "RFC 3463",
      list: "",
      links: [],
      acts: ["copyAddress"],
      triesTill: 0,
    },
  ],
  cut: false,
};

const header: HeaderReport = {
  whole: false,
  cut: false,
  from: "Li Lei <li.lei@office.example>",
  fromDomain: "office.example",
  returnPath: "",
  replyTo: "",
  to: "han@shop.example",
  subject: "Quotation",
  messageId: "<q1@office.example>",
  sent: Date.UTC(2026, 10, 2, 1, 12),
  hops: [],
  total: 0,
  spf: "fail",
  spfDomain: "office.example",
  spfReason: "",
  dkim: [],
  arc: { result: "none", reason: "", seals: [] },
  dmarc: {
    result: "fail",
    claimed: "fail",
    policy: "reject",
    record: "",
    at: "",
    asked: false,
    spf: false,
    dkim: false,
    spfDomain: "",
    dkimDomain: "",
  },
  claims: [],
  marks: [],
  oddities: [],
  findings: [
    finding("message.fields", "fail", "twice", "Subject stands there twice.", "Update the program."),
  ],
  junk: {
    verdict: "junk",
    score: 85,
    grounds: [{ code: "dmarc-fail", weight: 60, facts: { from: "office.example", policy: "reject" } }],
  },
};

const mailItem: MailItem = {
  folder: "INBOX",
  shown: "INBOX",
  junk: false,
  validity: 1,
  uid: 1,
  from: "",
  subject: "",
  date: Date.UTC(2026, 10, 2),
  size: 2000,
};

const exam: Exam = {
  id: "exam-1",
  request: {
    domain: "office.example",
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
  },
  domain: "office.example",
  shown: "office.example",
  state: "done",
  verdict: "fail",
  counts: { fail: 1, warn: 0, pass: 1, info: 0, skipped: 1 },
  done: 3,
  total: 3,
  started: Date.UTC(2026, 10, 2),
  tookMs: 1800,
  queries: 12,
  findings: [
    finding("spf.present", "fail", "none", "There is no SPF record.", "Add the TXT record below."),
    finding("tls.chain", "skipped", "timeout", "It took too long.", ""),
    finding("mx.present", "pass", "ok", "2 servers receive mail.", ""),
  ],
  seq: 1,
};

function finding(check: string, verdict: Verdict, reason: string, text: string, todo: string): Finding {
  const group = (check.split(".")[0] ?? "") as Finding["group"];
  const words = { title: check, text, todo };
  return {
    check,
    group,
    subject: "office.example",
    verdict,
    reason,
    key: "",
    facts: {},
    zh: words,
    en: words,
    evidence: [{ kind: "record", title: "office.example TXT", text: "nothing" }],
    fix:
      verdict === "fail"
        ? [
            {
              kind: "record",
              name: "office.example",
              type: "TXT",
              value: "v=spf1 -all",
              provider: "",
              link: "",
            },
          ]
        : [],
    source: "RFC 7208",
    tookMs: 10,
  };
}

const guide: Guide = {
  id: "junk",
  start: "direction",
  nodes: [
    {
      id: "direction",
      probe: "",
      ask: ["mine", "inside"],
      acts: [],
      next: { mine: "lists", inside: "do-inside" },
    },
    {
      id: "lists",
      probe: "lists",
      ask: [],
      acts: [],
      next: { ok: "do-allow", listed: "do-listed", unknown: "do-allow" },
    },
    { id: "do-allow", probe: "", ask: [], acts: ["test-letter"], next: {} },
    { id: "do-listed", probe: "", ask: [], acts: ["check-domain", "support-sheet"], next: {} },
    { id: "do-inside", probe: "", ask: [], acts: ["check-domain"], next: {} },
  ],
};

/** The doctor's services on made-up facts: what is pasted or typed is not looked at. */
export function fakeDoctor(): DoctorClient {
  const watches: WatchedDomain[] = [];
  let examined = exam;
  return {
    readers: {
      pickMail: async () => "",
      bounce: async () => returned,
      header: async (_, input) => {
        if (!input.picked && !input.text.includes(":"))
          throw new AppError(problem("invalid", { field: "header", reason: "malformed" }));
        return header;
      },
      recent: async (_, endpoint, back) => {
        if (endpoint.host.startsWith("self-signed") && !endpoint.pin)
          throw new AppError(
            problem("untrusted_cert", {
              host: endpoint.host,
              sha256: "ab".repeat(32),
              why: "unknown_authority",
            }),
          );
        return [
          { ...mailItem, subject: "Undelivered Mail Returned to Sender", from: "MAILER-DAEMON@mx.example" },
          ...(back ? [] : [{ ...mailItem, uid: 2, subject: "Lunch", from: "han@shop.example" }]),
        ];
      },
      onFiles: () => () => undefined,
    },
    exams: {
      start: async (request) => {
        const more = request.mailbox
          ? [finding("mailbox.sign_in", "warn", "ok", `Signed in to ${request.mailbox.host}.`, "")]
          : [];
        examined = { ...exam, request, findings: [...exam.findings, ...more] };
        return examined;
      },
      checks: async () =>
        ["mx.present", "spf.present", "spf.lookups"].map((id) => ({
          id,
          group: (id.split(".")[0] ?? "") as Finding["group"],
          source: "",
          reasons: [],
        })),
      get: async () => examined,
      stop: async () => undefined,
      assist: async (_, request) => (request.raise ? { ...table, rows: [raised] } : table),
      watch: async () => "watch-1",
      unwatch: async () => undefined,
      pickReports: async () => ["/home/li/first.xml.gz", "/home/li/second.zip"],
      readReports: async (files) => {
        const bad = files.find((f) => f.path.includes("broken"));
        if (bad) throw new AppError(problem("malformed", { file: bad.path }));
        return [{ ...reports, reports: files.length }];
      },
    },
    guides: {
      list: async () => [guide],
      advice: async () => ({
        questions: [{ id: "delist", words: ["spamhaus"], guide: "junk", act: "check-domain" }],
        prevent: [{ id: "room", every: "month", act: "" }],
      }),
      place: async (_, address) => ({
        ...nowhere,
        address,
        domain: "office.example",
        endpoint: { ...nowhere.endpoint, host: "imap.office.example", user: address },
        outgoing: { ...nowhere.outgoing, host: "smtp.office.example" },
      }),
      probe: async () => ({
        outcome: "listed",
        evidence: [{ kind: "record", title: "zen.spamhaus.org", text: "127.0.0.2" }],
      }),
    },
    testLetter: {
      send: async () => ({
        judgement: "good",
        times: { ready: 300, signedIn: 500, accepted: 900, arrived: 2900, removed: 3100 },
        folder: "INBOX",
        messageId: "<mailroom.1@office.example>",
        header,
        removed: true,
        at: "",
      }),
    },
    monitor: {
      list: async () => [...watches],
      save: async (w) => {
        const saved = { ...w, id: w.id || `watch-${watches.length + 1}` };
        const old = watches.findIndex((x) => x.id === saved.id);
        if (old < 0) watches.push(saved);
        else watches[old] = saved;
        return saved;
      },
      remove: async (id) => {
        watches.splice(
          watches.findIndex((w) => w.id === id),
          1,
        );
      },
      lookNow: async () => look,
      history: async () => ({ looks: [look], changes: [] }),
    },
    supportSheet: {
      preview: async (request) => request,
      save: async (_, format) => `/home/li/mailroom-support.${format}`,
    },
  };
}

const look: MonitorLook = {
  at: Date.UTC(2026, 10, 2),
  verdict: "pass",
  away: false,
  fails: 0,
  warns: 0,
  passes: 20,
  took: 1800,
};
