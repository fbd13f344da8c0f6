import type { Branch, Directory } from "@/components/office/useDirectory";

/** A line of the department tree. */
interface Line {
  id: string;
  name: string;
  level: number;
  count: number;
  /** undefined: nothing is below it. */
  open?: boolean;
  parent: string;
  /** Which it is among those beside it, from 1 on, and how many they are. */
  place: number;
  of: number;
}

/** The height of a line in pixels. */
export const lineHeight = 32;

/** The lines to be seen when what is in closed is folded; the first is the whole office. */
export function linesOf(d: Directory, closed: ReadonlySet<string>, all: string): Line[] {
  const office = { id: "", name: all, level: 1, count: d.people.length, parent: "", place: 1, of: 1 };
  const lines: Line[] = [office];
  const walk = (beside: readonly Branch[], level: number, parent: string) => {
    for (const [i, b] of beside.entries()) {
      const { id, name } = b.department;
      const open = b.below.length > 0 ? !closed.has(id) : undefined;
      lines.push({ id, name, level, count: b.count, open, parent, place: i + 1, of: beside.length });
      if (open) walk(b.below, level + 1, id);
    }
  };
  walk(d.top, 2, "");
  return lines;
}

const spare = 4;

/** Which lines exist when a box of that height is scrolled to top, both in pixels: those in sight, and one more. */
export function linesInSight(lines: number, top: number, height: number, always: number): number[] {
  const first = Math.max(0, Math.floor(top / lineHeight) - spare);
  const end = Math.min(lines, Math.ceil((top + height) / lineHeight) + spare);
  const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  if (always < first) shown.unshift(always);
  else if (always >= end) shown.push(always);
  return shown;
}
