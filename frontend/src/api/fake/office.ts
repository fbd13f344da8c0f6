import type { Endpoint, MoveFolder, PracticeOffice, PracticePerson } from "@/api/types";

/** Made-up people and folders for tests and for looking at the page in a plain browser. */
const names = [
  ["李雷", "li.lei", "Lei Li"],
  ["韩梅梅", "han.meimei", "Meimei Han"],
  ["王小明", "wang.xiaoming", "Xiaoming Wang"],
  ["Alice Carter", "alice.carter", "Alice Carter"],
  ["张伟", "zhang.wei", "Wei Zhang"],
  ["赵敏", "zhao.min", "Min Zhao"],
  ["Bob Miller", "bob.miller", "Bob Miller"],
  ["陈思远", "chen.siyuan", "Siyuan Chen"],
  ["刘芳", "liu.fang", "Fang Liu"],
  ["孙悦", "sun.yue", "Yue Sun"],
  ["周杰", "zhou.jie", "Jie Zhou"],
  ["吴倩", "wu.qian", "Qian Wu"],
] as const;

const blankEndpoint: Endpoint = {
  kind: "imap",
  side: "",
  host: "",
  port: 0,
  security: "tls",
  auth: "",
  user: "",
  authz: "",
  secret: "",
  pin: "",
  app: "",
  separator: "",
  sealed: false,
  ca: "",
  path: "",
};

export function makeOffice(): PracticeOffice {
  const people = names.map(([name, local, english], i): PracticePerson => {
    const address = `${local}@practice.example`;
    const messages = 180 + ((i * 97) % 260);
    return {
      name,
      englishName: english,
      title: "",
      department: i % 3 ? "销售部" : "财务部",
      englishDepartment: i % 3 ? "Sales" : "Finance",
      address,
      newAddress: address.replace("practice", "new"),
      messages,
      bytes: messages * 41_300,
      from: { ...blankEndpoint, kind: "practice", side: "old", user: address },
      to: { ...blankEndpoint, kind: "practice", side: "new", user: address.replace("practice", "new") },
    };
  });
  return {
    company: "青禾纸业",
    englishCompany: "Greenleaf Paper",
    people,
    messages: people.reduce((n, p) => n + p.messages, 0),
    bytes: people.reduce((n, p) => n + p.bytes, 0),
  };
}

/** The folder map of a mailbox with this many messages. */
export function makeFolders(messages: number): MoveFolder[] {
  const rows: [string, string, MoveFolder["role"], number, Partial<MoveFolder>?][] = [
    ["INBOX", "INBOX", "inbox", 0.4],
    ["已发送", "Sent", "sent", 0.2, { changes: ["special Sent"] }],
    ["草稿箱", "Drafts", "drafts", 0.02, { changes: ["special Drafts"] }],
    ["已删除", "Trash", "trash", 0.05, { changes: ["special Trash"] }],
    ["垃圾邮件", "Junk", "junk", 0.03, { changes: ["special Junk"] }],
    ["客户", "客户", "", 0, { action: "parent" }],
    ["客户/华东", "客户/华东", "", 0.12],
    ["客户/华南: 2024?", "客户/华南_ 2024_", "", 0.1, { changes: ["characters"] }],
    ["Projects/Q3 report", "Projects/Q3 report", "", 0.08],
    ["病毒文件夹", "", "", 0, { action: "skip", reason: "virus" }],
  ];
  return rows.map(([source, target, role, share, more]) => ({
    sourceId: btoa(encodeURIComponent(source)),
    source,
    target,
    role,
    action: "copy",
    reason: "",
    changes: [],
    chosen: false,
    own: false,
    counts: {
      messages: Math.round(messages * share),
      copied: 0,
      alreadyThere: 0,
      excluded: 0,
      leftBehind: 0,
      pending: Math.round(messages * share),
    },
    bytes: 0,
    verified: "none",
    errorCode: "" as MoveFolder["errorCode"],
    ...more,
  }));
}
