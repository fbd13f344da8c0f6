import type { OfficePerson } from "@/api/offices";

/** What is noticed about people on the first page, and can be asked of the list of people. */
export const noticed = ["departments", "full", "suspended"] as const;
export type Noticed = (typeof noticed)[number];

/** A mailbox is nearly full from here on. */
const nearlyFull = 0.8;
/** An account that was suspended is worth a question after so long without a sign-in. */
const long = 90 * 86_400_000;

/** Whether somebody belongs to those of whom something was noticed; now in milliseconds. */
export function isNoticed(what: Noticed, p: OfficePerson, now: number): boolean {
  switch (what) {
    case "departments":
      return p.status === "active" && p.departments.length === 0;
    case "full":
      return p.status === "active" && p.quota > 0 && p.used >= p.quota * nearlyFull;
    case "suspended":
      return p.status === "suspended" && p.lastSignIn > 0 && now - p.lastSignIn > long;
  }
}
