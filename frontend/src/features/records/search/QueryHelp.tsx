import { useTranslation } from "react-i18next";

// The language itself is the same in both languages; Chinese names of fields work, too.
const lines = [
  ["words", "invoice 2026"],
  ["phrase", '"annual report"'],
  ["not", "invoice -draft"],
  ["or", "invoice OR quotation"],
  ["person", "person:wang.fang"],
  ["fromTo", "from:@partner.example to:li"],
  ["kind", "kind:received,sent"],
  ["outcome", "outcome:junk,bounced"],
  ["action", "action:mail_delete,mail_trash"],
  ["ip", "ip:203.0.113.0/24"],
  ["time", "after:2026-11-01 before:2026-12-01"],
  ["size", "larger:10MB"],
] as const;

/** What can be written, with an example of each. */
export function QueryHelp() {
  const { t } = useTranslation();
  return (
    <details className="folded">
      <summary>{t("recordsPage.help.title")}</summary>
      <dl className="facts query-help">
        {lines.map(([name, example]) => (
          <div className="facts-row" key={name}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{t(`recordsPage.help.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <p className="faint">{t("recordsPage.help.chinese")}</p>
    </details>
  );
}
