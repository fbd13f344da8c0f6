import type { TFunction } from "i18next";
import { fileCodes } from "@/features/move/people/fileCodes";
import type { Found } from "@/features/move/people/findings";

const columns: Record<string, "name" | "fromUser" | "fromPassword" | "toUser" | "toPassword"> = {
  name: "name",
  from_user: "fromUser",
  from_password: "fromPassword",
  to_user: "toUser",
  to_password: "toPassword",
};

/** A column of the list in words. */
export function columnText(t: TFunction, column: string): string {
  const name = columns[column];
  return name ? t(`move.people.${name}`) : column;
}

/** What is wrong with a cell, in a sentence. */
export function findingText(t: TFunction, f: Pick<Found, "code" | "first" | "domain">): string {
  const code = fileCodes.find((c) => c === f.code);
  return code ? t(`move.people.file.${code}`, { replace: { first: f.first } }) : f.code;
}

/** What to do about it, in a few words. */
export function nextStepText(t: TFunction, f: Found): string {
  if (f.weight === "fix") return t("wizard.people.take", { fixed: f.fixed });
  if (f.weight === "look") return t("wizard.people.meant");
  return t(f.code === "empty" ? "wizard.people.fill" : "wizard.people.change");
}
