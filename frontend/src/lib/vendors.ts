import type { AuthMethod, SignInApp, SignInVendor } from "@/api/types";

export const vendors = ["google", "microsoft", "microsoft-cn"] as const satisfies SignInVendor[];

/** Mail servers that want a vendor's tokens. */
const hosts: Record<string, SignInVendor> = {
  "imap.gmail.com": "google",
  "pop.gmail.com": "google",
  "imap.googlemail.com": "google",
  "outlook.office365.com": "microsoft",
  "imap-mail.outlook.com": "microsoft",
  "partner.outlook.cn": "microsoft-cn",
};

/** Whose tokens a server takes; undefined where that is not known. */
export function vendorOf(host: string): SignInVendor | undefined {
  return hosts[host.trim().toLowerCase()];
}

/** The apps that can sign in the chosen way, those of the server's vendor first. */
export function fitting(apps: readonly SignInApp[], auth: AuthMethod, host: string): SignInApp[] {
  const vendor = vendorOf(host);
  const able = apps.filter((a) => (auth === "oauth" ? a.person : a.office));
  return vendor ? able.filter((a) => a.vendor === vendor) : able;
}

/** How an office's app of a vendor opens mailboxes without people. */
export function officeAuth(vendor: SignInVendor): AuthMethod {
  return vendor === "google" ? "service" : "application";
}
