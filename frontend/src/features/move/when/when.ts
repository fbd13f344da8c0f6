import type { MoveRepeat, MoveSchedule } from "@/api/types";
import { atOnce } from "@/api/usualOptions";

/** What the step about time decides. */
export interface When {
  schedule: MoveSchedule;
  repeat: MoveRepeat;
}

export type Mode = MoveSchedule["mode"];

const workdays = [1, 2, 3, 4, 5];
const hour = 60;
export const mega = 1024 * 1024;
export const giga = 1024 * mega;

/** A mode with hours that suit most offices; what holds in every mode stays. */
export function ofMode(mode: Mode, before: MoveSchedule, now: Date): MoveSchedule {
  const kept = { ...atOnce, mode, zone: before.zone, bytesPerDay: before.bytesPerDay };
  switch (mode) {
    case "now":
      return kept;
    case "at":
      return { ...kept, at: evening(now) };
    case "nights":
      return { ...kept, from: 20 * hour, to: 7 * hour };
    case "gentle":
      return { ...kept, from: 9 * hour, to: 18 * hour, days: workdays, slow: mega };
  }
}

/** The next eight in the evening. */
function evening(now: Date): number {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 20);
  if (at <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** Midnight of the days that a start can be set to: today and two months more. */
export function startDays(now: Date): number[] {
  return Array.from({ length: 60 }, (_, i) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + i).getTime(),
  );
}

export function dayOf(ms: number): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

export function minutesOf(ms: number): number {
  const at = new Date(ms);
  return at.getHours() * hour + at.getMinutes();
}

/** A time of day on a day, also where a clock is set back or forward on it. */
export function onDay(day: number, minutes: number): number {
  const at = new Date(day);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate(), 0, minutes).getTime();
}

/** 22:30 of 1350. */
export function clockOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / hour))}:${two(minutes % hour)}`;
}

/** The times of day to choose from, and the one that is chosen if it is another. */
export function clockChoices(chosen: number): number[] {
  const all = Array.from({ length: 48 }, (_, i) => i * 30);
  return all.includes(chosen) ? all : [...all, chosen].sort((a, b) => a - b);
}

/** Why the step cannot be left yet; undefined if it can. */
export function whenWrong(s: MoveSchedule): "hours" | "slow" | undefined {
  if ((s.mode === "nights" || s.mode === "gentle") && s.from === s.to) return "hours";
  if (s.mode === "gentle" && s.slow <= 0) return "slow";
  return undefined;
}
