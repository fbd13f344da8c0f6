import type { BounceReport, DoctorClient, HeaderReport } from "@/api/doctor";
import { AppError, problem } from "@/api/errors";

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
  junk: {
    verdict: "junk",
    score: 85,
    grounds: [{ code: "dmarc-fail", weight: 60, facts: { from: "office.example", policy: "reject" } }],
  },
};

/** The doctor's services on made-up mail: what is pasted is not looked at. */
export function fakeDoctor(): DoctorClient {
  return {
    readers: {
      pickMail: async () => "",
      bounce: async () => returned,
      header: async (_, input) => {
        if (!input.text.includes(":"))
          throw new AppError(problem("invalid", { field: "header", reason: "malformed" }));
        return header;
      },
      onFiles: () => () => undefined,
    },
  };
}
