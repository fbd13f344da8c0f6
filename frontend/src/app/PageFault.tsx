import { Button } from "antd";
import { useTranslation } from "react-i18next";

/** Instead of a page that could not be shown. */
export function PageFault({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="page narrow" role="alert">
      <h1>{t("fault.title")}</h1>
      <p>{t("fault.text")}</p>
      <Button type="primary" onClick={onAgain}>
        {t("fault.again")}
      </Button>
      <details className="folded">
        <summary>{t("trouble.details")}</summary>
        <pre>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</pre>
      </details>
    </div>
  );
}
