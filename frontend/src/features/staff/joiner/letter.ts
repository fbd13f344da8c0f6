import type { TFunction } from "i18next";
import type { JoinerSettings } from "@/api/lists";

/** Who is new, as the letter and the papers need it. */
export interface Joined {
  name: string;
  address: string;
  lists: string[];
  password: string;
  /** Steps that were not done. */
  failed: number;
}

/** The welcome letter in a language; it never holds the password. */
export function letterFor(t: TFunction, joined: Joined, settings: JoinerSettings | undefined) {
  const { name, address } = joined;
  const servers = (settings?.servers ?? []).map(
    (s) => `  ${s.name.toUpperCase()}  ${s.at.host}:${String(s.at.port)}  ${s.at.security.toUpperCase()}`,
  );
  const parts = [
    t("joiner.mail.hello", { name }),
    "",
    t("joiner.mail.account", { address }),
    ...(joined.lists.length > 0
      ? [t("joiner.mail.lists", { lists: joined.lists.join(t("list.comma")) })]
      : []),
    t("joiner.mail.password"),
    ...(settings?.webMail ? [t("joiner.mail.web", { web: settings.webMail })] : []),
    ...(servers.length > 0 ? ["", t("joiner.mail.servers"), ...servers] : []),
    "",
    t("joiner.mail.bye"),
  ];
  return { subject: t("joiner.mail.subject", { name }), text: parts.join("\n") };
}
