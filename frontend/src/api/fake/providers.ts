import type { Client } from "@/api/client";
import type { FakeWorld } from "@/api/fake/world";
import type { Explanation, FoundCandidate, FoundProvider, ProviderInfo } from "@/api/types";

/** Two invented providers; old.example and new.example are their customers by MX. */
const fakeProviders: ProviderInfo[] = [
  provider("old", "旧邮箱服务商", "Old provider"),
  provider("new", "新邮箱服务商", "New provider"),
];

function provider(id: string, nameZh: string, nameEn: string): ProviderInfo {
  return {
    id,
    nameZh,
    nameEn,
    also: [],
    kind: "business",
    family: "",
    imap: [{ host: `imap.${id}.example`, port: 993, security: "tls", place: "" }],
    ways: ["client-password", "password"],
    secretZh: "客户端授权码",
    secretEn: "app password",
    oauth: "",
    steps: [
      {
        admin: true,
        textZh: "在管理后台允许成员使用邮件客户端。",
        textEn: "Let people use mail clients in the admin console.",
        link: "",
      },
      {
        admin: false,
        textZh: "生成客户端授权码，填在密码栏。",
        textEn: "Create an app password and enter it.",
        link: "https://www.example.com/",
      },
    ],
    help: "https://www.example.com/help",
    webMail: `https://mail.${id}.example`,
    console: "",
  };
}

const custom = (domain: string): FoundCandidate => ({
  provider: "",
  by: "custom",
  evidence: `imap.${domain}`,
  certainty: "guess",
  user: "",
  imap: [{ host: `imap.${domain}`, port: 993, security: "tls", place: "" }],
});

function found(address: string): FoundProvider {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const known = fakeProviders.find((p) => domain === `${p.id}.example`);
  return {
    address,
    domain,
    candidates: known
      ? [
          {
            provider: known.id,
            by: "mx",
            evidence: `mx.${known.id}.example`,
            certainty: "sure",
            user: "",
            imap: known.imap,
          },
        ]
      : [custom(domain)],
    gatewayZh: "",
    gatewayEn: "",
    senderZh: "",
    senderEn: "",
    offline: false,
  };
}

export function providersClient(world: FakeWorld): Client["providers"] {
  return {
    list: async () => fakeProviders,
    find: async (_, address) => {
      world.lookedUp.push(address);
      return found(address);
    },
    explain: async (refusal, provider, _, host) =>
      explanation(
        refusal,
        provider || (fakeProviders.find((p) => p.imap.some((s) => s.host === host))?.id ?? ""),
      ),
    explainMail: async () => ({
      subject: "Please do these steps first",
      body: "Hello,\n\nYours is waiting for one step that only you can take:\n\n1. Create an app password and enter it.\n",
    }),
  };
}

function explanation(refusal: string, provider: string): Explanation {
  const known = fakeProviders.find((p) => p.id === provider);
  const cause = { who: "person", own: 0, steps: [], same: false, servers: [], link: "", page: "" };
  return {
    class: refusal,
    provider,
    nameZh: known?.nameZh ?? "",
    nameEn: known?.nameEn ?? "",
    secretZh: known?.secretZh ?? "",
    secretEn: known?.secretEn ?? "",
    causes: [
      {
        ...cause,
        id: "needs-secret",
        steps: known?.steps ?? [],
        link: "help",
        page: known?.help ?? "",
        change: "password",
      },
      { ...cause, id: "imap-off", same: true, change: "steps" },
      { ...cause, id: "wrong-password", own: 2, change: "password" },
    ],
  };
}

export function cardsClient(world: FakeWorld): Client["cards"] {
  return {
    plan: async (moveId) => ({
      provider: "",
      server: { host: "mail.new.example", port: 993, security: "tls", place: "" },
      people: world.get(moveId).mailboxes.map((m) => ({ name: m.label, address: m.to.user })),
      nameless: 0,
    }),
    save: async (order) => {
      world.cardOrders.push(order);
      return "/home/li/Mail settings cards";
    },
  };
}
