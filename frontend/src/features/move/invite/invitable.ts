import type { MailboxMove } from "@/api/types";

/** Whether another computer can reach both sides of a mailbox. */
export function invitable(m: MailboxMove): boolean {
  return m.from.kind === "imap" && m.to.kind === "imap";
}
