import type { TFunction } from "i18next";
import type { ErrorCode, Problem } from "@/api/types";

/** Finer causes, by the program's dictionary of server replies. */
export const troubleClasses = [
  "auth-ambiguous",
  "needs-app-password",
  "password-expired",
  "no-right",
  "imap-off",
  "ip-blocked",
  "wrong-cluster",
  "cool-down",
  "web-login",
  "oauth-needed",
  "token",
  "needs-tls",
  "contact-admin",
  "id-needed",
  "quoting",
  "daily-quota",
  "conn-limit",
  "throttle",
  "over-quota",
  "too-big",
  "bad-message",
  "bad-flag",
  "bad-name",
  "layout",
  "no-folder",
  "virus",
  "per-message",
  "folder-skip",
  "folder-poison",
  "fine",
  "transient",
  "client-bug",
] as const;
/** Finer causes of the program's own. */
const ownClasses = ["vault-locked", "password-lost", "renumbered", "seal-broken"] as const;
/** Why a message cannot be moved as it is. */
export const messageClasses = ["nul-bytes", "long-line", "empty-message", "count_differs"] as const;
/** What is wrong with an invitation or a result. */
const inviteClasses = [
  "invite-unreadable",
  "invite-changed",
  "invite-newer",
  "invite-expired",
  "invite-result",
  "invite-own",
  "invite-local",
  "invite-authority",
  "result-invitation",
  "result-changed",
  "result-other",
  "result-nonsense",
  "result-unknown",
  "result-move-gone",
  "result-older",
  "result-not-self",
  "result-withdrawn",
  "result-nothing",
] as const;
/** Why Google or Microsoft gave no access. */
export const oauthClasses = [
  "oauth-sign-in-again",
  "oauth-denied",
  "oauth-consent-missing",
  "oauth-admin-consent",
  "oauth-wrong-tenant",
  "oauth-wrong-cloud",
  "oauth-app-unknown",
  "oauth-app-secret",
  "oauth-secret-expired",
  "oauth-redirect",
  "oauth-not-public",
  "oauth-delegation",
  "oauth-key",
  "oauth-user-unknown",
  "oauth-policy",
  "oauth-code-expired",
  "oauth-app-gone",
  "clock-wrong",
] as const;

type TroubleClass =
  | (typeof troubleClasses)[number]
  | (typeof ownClasses)[number]
  | (typeof messageClasses)[number]
  | (typeof inviteClasses)[number]
  | (typeof oauthClasses)[number];

/** What the person can do about it with one button. */
export type Remedy = "again" | "fixSignIn" | "fixServer" | "trust" | "goOn" | "none";

const byCode: Record<ErrorCode, Remedy> = {
  invalid: "none",
  not_found: "none",
  conflict: "again",
  unauthenticated: "fixSignIn",
  forbidden: "fixSignIn",
  rate_limited: "again",
  unsupported: "none",
  unreachable: "fixServer",
  timeout: "again",
  canceled: "again",
  untrusted_cert: "trust",
  over_quota: "again",
  too_big: "none",
  rejected: "none",
  disk_full: "again",
  read_only: "again",
  newer_data: "none",
  in_use: "none",
  malformed: "fixServer",
  internal: "again",
};

const byClass: Partial<Record<TroubleClass, Remedy>> = {
  "cool-down": "again",
  "imap-off": "again",
  "ip-blocked": "again",
  "web-login": "again",
  "wrong-cluster": "fixServer",
  "needs-tls": "fixServer",
  "vault-locked": "again",
  "password-lost": "fixSignIn",
};

function isTroubleClass(name: string): name is TroubleClass {
  return [...troubleClasses, ...ownClasses, ...messageClasses, ...inviteClasses, ...oauthClasses].some(
    (known) => known === name,
  );
}

/** Refusals at sign-in: their likely causes and the provider's steps can be told. */
const explained: readonly TroubleClass[] = [
  "auth-ambiguous",
  "needs-app-password",
  "password-expired",
  "no-right",
  "imap-off",
  "ip-blocked",
  "wrong-cluster",
  "cool-down",
  "web-login",
  "oauth-needed",
  "token",
  "needs-tls",
  "contact-admin",
  "id-needed",
  "quoting",
];

export function isExplained(name: string): boolean {
  return explained.some((known) => known === name);
}

export function remedyOf(p: Problem): Remedy {
  if (inviteClasses.some((c) => c === p.class)) return "none";
  return (isTroubleClass(p.class) ? byClass[p.class] : undefined) ?? byCode[p.code] ?? "none";
}

const guideByCode: Partial<Record<ErrorCode, string>> = {
  unauthenticated: "sign-in",
  forbidden: "sign-in",
  unreachable: "client",
  timeout: "client",
  untrusted_cert: "encryption",
  over_quota: "full-mailbox",
  too_big: "attachments",
  rate_limited: "sign-in",
};

/** The guide that finds the cause of a problem; "" where none would help. */
export function guideOf(p: Problem): string {
  if (p.class === "vault-locked" || p.args.where === "program") return "";
  return guideByCode[p.code] ?? "";
}

export interface TroubleText {
  what: string;
  why: string;
  todo: string;
}

const invalidReasons = [
  "missing",
  "same_mailbox",
  "duplicate",
  "not_loopback",
  "not_absolute",
  "malformed",
  "too_many",
  "unknown",
] as const;

/** Why a connection failed, told beside the code. */
const connectionReasons = [
  "no_such_host",
  "refused",
  "no_route",
  "not_tls",
  "tls_handshake",
  "closed",
  "no_starttls",
] as const;

/** The sentences for a problem: by its class if there is one, else by its code. */
export function troubleText(t: TFunction, p: Problem): TroubleText {
  const facts = factsOf(t, p);
  if (isTroubleClass(p.class)) {
    return {
      what: t(`trouble.class.${p.class}.what`, { replace: facts }),
      why: t(`trouble.class.${p.class}.why`, { replace: facts }),
      todo: t(`trouble.class.${p.class}.todo`, { replace: facts }),
    };
  }
  // "Row so-and-so is malformed" is for lists; elsewhere the general words fit.
  const rowless = p.args.reason === "malformed" && !p.args.row;
  const reason = invalidReasons.find((r) => p.code === "invalid" && r === p.args.reason && !rowless);
  if (reason) {
    return {
      what: t(`trouble.invalid.${reason}.what`, { replace: facts }),
      why: t(`trouble.invalid.${reason}.why`, { replace: facts }),
      todo: t(`trouble.invalid.${reason}.todo`, { replace: facts }),
    };
  }
  const connection = connectionReasons.find((r) => r === p.args.why);
  return {
    what: t(`trouble.code.${p.code}.what`, { replace: facts }),
    why: connection
      ? t(`trouble.why.${connection}.why`, { replace: facts })
      : t(`trouble.code.${p.code}.why`, { replace: facts }),
    todo: connection
      ? t(`trouble.why.${connection}.todo`, { replace: facts })
      : t(`trouble.code.${p.code}.todo`, { replace: facts }),
  };
}

/** A reason in a few words, for a line in a list. */
export function shortReason(t: TFunction, classOrCode: string): string {
  if (isTroubleClass(classOrCode)) return t(`trouble.class.${classOrCode}.what`, { replace: factsOf(t) });
  if (classOrCode in byCode)
    return t(`trouble.code.${classOrCode as ErrorCode}.what`, { replace: factsOf(t) });
  return classOrCode || t("trouble.unknown");
}

// A sentence never shows a hole: what was not told is named in general words.
function factsOf(t: TFunction, p?: Problem): Record<string, string> {
  return {
    host: t("trouble.some.host"),
    user: t("trouble.some.user"),
    folder: t("trouble.some.folder"),
    account: t("trouble.some.account"),
    off: t("trouble.some.off"),
    count: t("trouble.some.count"),
    client: t("trouble.some.client"),
    scope: t("trouble.some.scope"),
    path: p?.args.file ?? t("trouble.some.path"),
    row: t("trouble.some.row"),
    ...Object.fromEntries(Object.entries(p?.args ?? {}).filter(([, v]) => v !== "")),
  };
}
