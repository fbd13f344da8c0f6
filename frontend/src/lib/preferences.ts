import { useSyncExternalStore } from "react";
import type { Settings } from "@/api/types";
import { i18n, type Language, systemLanguage } from "@/i18n";
import { type Appearance, applyPalette } from "@/lib/theme";

/**
 * The person's choices about the window. The program keeps them; a copy in the
 * page's own storage lets the first frame come up in the right language and look.
 */
const storageKey = "mailroom.settings";

let current: Settings = readCopy();
const listeners = new Set<() => void>();
const darkSystem = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : undefined;
darkSystem?.addEventListener?.("change", () => announce());

/** The page's own copy of the choices. */
export function readCopy(): Settings {
  const fallback: Settings = { language: "", theme: "system", resume: "scheduled", quiet: false };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<Settings>) };
  } catch {
    return fallback;
  }
}

function announce(): void {
  applyPalette(appearanceOf(current));
  const language = languageOf(current);
  if (i18n.language !== language) void i18n.changeLanguage(language);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** The language that a choice means on this computer. */
function languageOf(s: Settings): Language {
  return s.language === "" ? systemLanguage() : s.language;
}

/** The look that a choice means on this computer. */
function appearanceOf(s: Settings): Appearance {
  if (s.theme === "system") return darkSystem?.matches ? "dark" : "light";
  return s.theme;
}

/** Takes over choices, from the person or from the program. */
export function adopt(s: Settings): void {
  const next: Settings = { language: s.language, theme: s.theme, resume: s.resume, quiet: s.quiet };
  if (JSON.stringify(next) === JSON.stringify(current)) return;
  current = next;
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Without storage only the first frame is poorer.
  }
  announce();
}

/** Brings language and look up before the first frame. */
export function startPreferences(): void {
  announce();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Settings {
  return useSyncExternalStore(subscribe, () => current);
}

/** Changes with the system's look as well as with the choice. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, () => appearanceOf(current));
}
