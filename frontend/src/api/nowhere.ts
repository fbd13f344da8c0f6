import type { GuidePlace } from "@/api/doctor";

/** A place of which nothing is known. */
export const nowhere: GuidePlace = {
  address: "",
  domain: "",
  provider: "",
  nameZh: "",
  nameEn: "",
  endpoint: {
    kind: "imap",
    side: "",
    host: "",
    port: 993,
    security: "tls",
    auth: "",
    user: "",
    authz: "",
    secret: "",
    pin: "",
    path: "",
  } as GuidePlace["endpoint"],
  outgoing: { host: "", port: 465, security: "tls", user: "", secret: "", pin: "" },
  secretZh: "",
  secretEn: "",
  help: "",
  console: "",
  webmail: "",
  guessed: true,
};
