import { useTranslation } from "react-i18next";
import type { AuditEntry } from "@/api/types";

/** Words for entries of the record: acts and facts that have no text are shown as they are. */
export function useEntryWords() {
  const { t, i18n } = useTranslation();
  const text = (key: string, otherwise: string) =>
    i18n.exists(key) ? t(key as "audit.title", { defaultValue: otherwise }) : otherwise;
  const fact = (name: string) => text(`audit.fact.${name}`, name);
  const value = (name: string, v: string) => (name === "state" ? text(`move.state.${v}`, v) : v);
  return {
    act: (e: AuditEntry) => text(`audit.act.${e.act}`, e.act),
    details: (e: AuditEntry) => {
      const facts = Object.entries(e.facts)
        .filter(([, v]) => v !== "")
        .map(([name, v]) => `${fact(name)} ${value(name, v)}`);
      const changes = Object.keys({ ...e.before, ...e.after }).map(
        (name) =>
          `${fact(name)} ${t("audit.change", { before: e.before[name] || "–", after: e.after[name] || "–" })}`,
      );
      return [...changes, ...facts].join(" · ");
    },
  };
}
