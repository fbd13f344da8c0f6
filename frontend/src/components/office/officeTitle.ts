import type { TFunction } from "i18next";

/** The domain of the practice office (backend/provider/practice): nobody's name for it. */
const practiceDomain = "new.example";

/** What an office is called. The practice office has a name only in the language of the window. */
export function officeTitle(t: TFunction, office: { provider: string; title: string }): string {
  const practice =
    office.provider === "practice" && (office.title === practiceDomain || office.title === "practice");
  return practice ? t("office.practiceName") : office.title;
}
