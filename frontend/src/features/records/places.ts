/** Where the pages for records are. */
export const sections = ["lookup", "search", "stats", "unusual", "sources", "archive", "own"] as const;
export type Section = (typeof sections)[number];

export function pathOf(section: Section): string {
  return section === sections[0] ? "/records" : `/records/${section}`;
}

/** The section that a location belongs to. */
export function sectionAt(location: string): Section {
  const name = location.split("?")[0]?.split("/")[2] ?? "";
  return sections.find((s) => s === name) ?? sections[0];
}

/** What stands behind the section: a question, for example. */
export function restAt(location: string): string {
  const rest = location.split("/").slice(3).join("/");
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}
