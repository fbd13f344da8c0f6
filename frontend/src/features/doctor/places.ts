/** Where the doctor's pages are. */
export const sections = ["bounce", "header"] as const;
export type Section = (typeof sections)[number];

export function pathOf(section: Section): string {
  return section === sections[0] ? "/doctor" : `/doctor/${section}`;
}

/** The section that a location belongs to. */
export function sectionAt(location: string): Section {
  const name = location.split("?")[0]?.split("/")[2] ?? "";
  return sections.find((s) => s === name) ?? sections[0];
}
