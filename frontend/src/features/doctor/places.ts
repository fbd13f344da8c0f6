/** Where the doctor's pages are. */
export const sections = [
  "check",
  "dns",
  "reports",
  "bounce",
  "header",
  "guides",
  "questions",
  "letter",
  "monitor",
] as const;
export type Section = (typeof sections)[number];

export function pathOf(section: Section): string {
  return section === sections[0] ? "/doctor" : `/doctor/${section}`;
}

/** The section that a location belongs to. */
export function sectionAt(location: string): Section {
  const name = location.split("?")[0]?.split("/")[2] ?? "";
  return sections.find((s) => s === name) ?? sections[0];
}

/** What stands behind the section: a guide's id, for example. */
export function restAt(location: string): string {
  return location.split("?")[0]?.split("/")[3] ?? "";
}
