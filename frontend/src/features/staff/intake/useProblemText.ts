import { useTranslation } from "react-i18next";
import type { IntakeProblem } from "@/api/staff";
import type { Ability } from "@/components/office/useOffice";
import { useCodeText } from "@/lib/codeText";

/** What is wrong with a cell, in words. */
export function useProblemText(ability: Ability): (p: IntakeProblem) => string {
  const { t } = useTranslation();
  const code = useCodeText();
  const rule = ability.caps?.password;
  const ruleFacts = {
    min: String(rule?.min ?? ""),
    max: String(rule?.max ?? ""),
    kinds: String(rule?.kinds ?? ""),
    runs: String(rule?.noRuns ?? ""),
  };
  const column = (name: string) => (name === "lists" ? t("intake.column.lists") : code("attr", name));
  return (p) => {
    if (p.code === "formula" && p.weight === "look") return t("intake.formulaTaken");
    const who = p.use === "person" || p.use === "" ? p.who : code("intake.use", p.use, { who: p.who });
    const facts =
      p.code === "bad_password"
        ? p.facts.map((b) => code("staff.rule", b, ruleFacts)).join(t("list.comma"))
        : p.facts.join(t("list.comma"));
    return code("intake.code", p.code, {
      column: column(p.column),
      fixed: p.fixed,
      first: String(p.first),
      who,
      facts,
    });
  };
}
