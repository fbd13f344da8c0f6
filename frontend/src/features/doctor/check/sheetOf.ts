import type { TFunction } from "i18next";
import type { Exam, Finding, SheetSection } from "@/api/doctor";
import { i18n } from "@/i18n";
import type { Text } from "@/lib/useText";

/** A finding's sentences in the page's language. */
export function wordsOf(f: Finding): Finding["en"] {
  const words = i18n.language === "en" ? f.en : f.zh;
  return words.title ? words : { title: f.check, text: f.reason, todo: "" };
}

/** An examination for the support sheet: what is wrong with its evidence, the rest as a line. */
export function examSections(t: TFunction, text: Text, exam: Exam): SheetSection[] {
  const wrong = exam.findings.filter((f) => f.verdict === "fail" || f.verdict === "warn");
  const rest = exam.findings.filter((f) => !wrong.includes(f));
  const line = (f: Finding) => ({
    name: `${wordsOf(f).title} (${f.subject})`,
    value: `${text(`examine.verdict.${f.verdict}`)}: ${wordsOf(f).text}`,
  });
  return [
    {
      title: t("sheet.exam", { domain: exam.shown }),
      facts: wrong.map(line),
      texts: wrong.flatMap((f) => f.evidence.map((e) => ({ title: `${f.check}: ${e.title}`, body: e.text }))),
    },
    { title: t("examine.verdict.pass"), facts: rest.map(line), texts: [] },
  ];
}
