import type { Client } from "@/api/client";

/** The kinds of offices that a faked program can connect. */
export const makers: Awaited<ReturnType<Client["offices"]["makers"]>> = [
  {
    id: "tencent",
    name: "Tencent Exmail",
    chineseName: "腾讯企业邮",
    console: "https://exmail.qq.com/",
    fields: [
      { key: "corpId", kind: "text", required: true, choices: [], example: "wm0123456789abcdef", help: "" },
      { key: "contactSecret", kind: "secret", required: true, choices: [], example: "", help: "" },
      { key: "logSecret", kind: "secret", required: false, choices: [], example: "", help: "" },
    ],
  },
];
