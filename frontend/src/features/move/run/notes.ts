import type { TFunction } from "i18next";

/** What POP3 cannot tell; the program's codes. */
const pop3Notes = [
  "pop3-inbox-only",
  "pop3-no-flags",
  "pop3-no-dates",
  "pop3-no-uidl",
  "pop3-same-uidl",
  "pop3-missing-uidl",
  "date-unknown",
] as const;

/** Codes with facts behind a colon. */
const withFacts = ["sealed", "older-than", "newer-than"] as const;

/** A note of a run: a sentence where there is one, else the code with its facts. */
export function noteText(t: TFunction, note: string): string {
  const [code = "", ...rest] = note.split(":");
  const counted = withFacts.find((n) => n === code);
  if (counted) return `${t(`certificate.note.${counted}`)} (${rest.join(":")})`;
  const known = pop3Notes.find((n) => n === note);
  return known ? t(`certificate.note.${known}`) : note;
}
