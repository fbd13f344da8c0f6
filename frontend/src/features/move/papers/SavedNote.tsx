import { useTranslation } from "react-i18next";
import type { CertificateSaved } from "@/api/types";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

/** What was written, and which messages the old mailbox could not give again. */
export function SavedNote({ saved }: { saved: CertificateSaved }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="stack" role="status">
      <p>
        {saved.files > 1 ? t("papers.savedIn", { n: format.number(saved.files) }) : t("papers.saved")}
        <code className="path saved-path">{saved.path}</code>
      </p>
      {saved.check && (
        <p>
          {t("papers.check")} <code className="check-number">{saved.check}</code>
          <br />
          <small className="faint">{t("certificate.checkText")}</small>
        </p>
      )}
      {saved.left > 0 && <p>{t("papers.leftSaved", { count: saved.left, n: format.number(saved.left) })}</p>}
      {saved.missing.length > 0 && (
        <div className="notice">
          <p>{t("papers.leftMissing")}</p>
          <ul>
            {saved.missing.map((m) => {
              const text = troubleText(t, m.problem);
              return (
                <li key={m.mailbox}>
                  {t("papers.leftMissingOne", { mailbox: m.mailbox, n: format.number(m.count) })} {text.what}{" "}
                  {text.todo}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
