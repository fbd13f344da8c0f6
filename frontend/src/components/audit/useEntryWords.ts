import { useTranslation } from "react-i18next";
import type { AuditEntry } from "@/api/types";
import { useMakerName } from "@/components/office/useOffice";
import { useFormat } from "@/lib/useFormat";

/** Facts whose values are codes, and where their words stand. */
const inWords: Record<string, string> = {
  status: "personStatus",
  mustChange: "value",
  hidden: "value",
  off: "value",
  policy: "policy",
  mailRights: "mailRights",
  gender: "gender",
  "forward-keep": "value",
};

/** Words for entries of the record: acts and facts that have no text are shown as they are. */
export function useEntryWords() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const maker = useMakerName();
  const text = (key: string, otherwise: string) =>
    i18n.exists(key) ? t(key as "audit.title", { defaultValue: otherwise }) : otherwise;
  const fact = (name: string) => text(`audit.fact.${name}`, name);
  const value = (name: string, v: string) => {
    switch (name) {
      case "state":
        return text(`move.state.${v}`, text(`audit.value.outcome.${v}`, v));
      case "outcome":
        return text(`audit.value.outcome.${v}`, v);
      case "provider":
        return maker(v);
      case "month":
      case "from":
      case "to":
        return format.month(v);
      case "error":
        return text(`trouble.code.${v}.what`, v);
    }
    const words = inWords[name] ?? (name.startsWith("signIn-") ? "value" : undefined);
    if (words) return text(`${words}.${v}`, v);
    return v === "true" || v === "false" ? t(`audit.value.${v}`) : v;
  };
  /** What changed of what counts as unusual, rule by rule. */
  const thresholds = (before: string, after: string) => {
    const [was, is] = [parsed(before), parsed(after)];
    const say = (name: string, v: unknown) =>
      name === "off"
        ? ((v as string[] | null) ?? [])
            .map((r) => text(`recordsPage.unusual.rules.${r}`, r))
            .join(t("list.comma")) || t("audit.value.none")
        : String(v ?? "–");
    return Object.keys({ ...was, ...is })
      .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
      .map((name) => {
        const label = name === "off" ? t("audit.value.rules") : text(`recordsPage.thresholds.${name}`, name);
        return `${label} ${t("audit.change", { before: say(name, was[name]), after: say(name, is[name]) })}`;
      });
  };
  return {
    act: (e: AuditEntry) => text(`audit.act.${e.act}`, e.act),
    details: (e: AuditEntry) => {
      const facts = Object.entries(e.facts)
        .filter(([, v]) => v !== "")
        .map(([name, v]) => `${fact(name)} ${value(name, v)}`);
      const changes = Object.keys({ ...e.before, ...e.after }).flatMap((name) => {
        const [before, after] = [e.before[name] ?? "", e.after[name] ?? ""];
        if (name === "thresholds") return thresholds(before, after);
        // What is made has nothing before it.
        if (before === "" && after !== "") return [`${fact(name)} ${value(name, after)}`];
        const said = { before: value(name, before) || "–", after: value(name, after) || "–" };
        return [`${fact(name)} ${t("audit.change", said)}`];
      });
      return [...changes, ...facts].join(" · ");
    },
  };
}

function parsed(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return {};
  }
}
