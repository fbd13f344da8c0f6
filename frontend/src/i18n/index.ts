import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en, zh } from "@/i18n/locales";

export type Language = "zh-CN" | "en";
export const languages: readonly Language[] = ["zh-CN", "en"];

let told: Language | "" = "";

/** What the program knows of the system's language; a web view only knows what the C library has. */
export function tellSystemLanguage(language: Language | ""): void {
  told = language;
}

/** Chinese for a Chinese system, English for any other; some systems only say "C". */
export function systemLanguage(names: readonly string[] = navigator.languages): Language {
  if (told) return told;
  for (const name of names) {
    if (/^zh\b/i.test(name)) return "zh-CN";
    if (/^en\b/i.test(name)) return "en";
  }
  return "zh-CN";
}

export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  resources: { "zh-CN": { translation: zh }, en: { translation: en } },
  lng: "zh-CN",
  fallbackLng: false,
  initAsync: false,
  interpolation: { escapeValue: false },
  // Keys hold underscores (not_found); the page uses no contexts.
  contextSeparator: "|",
  returnNull: false,
});

i18n.on("languageChanged", (lang) => {
  document.documentElement.lang = lang;
});
