import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { RecordLanguage } from "@/api/records";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

/** Writes what was found as CSV or XLSX; can be stopped. */
export function ExportButton({ shelf, question }: { shelf: string; question: string }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const { message } = App.useApp();
  const request = useRef("");
  const [busy, setBusy] = useState(false);
  function save(kind: "xlsx" | "csv") {
    request.current = crypto.randomUUID();
    setBusy(true);
    client.records
      .export(request.current, shelf, question, i18n.language as RecordLanguage, kind)
      .then((done) => {
        if (!done.path) return;
        const n = format.number(done.rows);
        void message.success(
          done.more
            ? t("recordsPage.search.exportedPart", { n, path: done.path })
            : t("recordsPage.search.exported", { count: done.rows, n, path: done.path }),
          6,
        );
      })
      .catch((e: unknown) => {
        const p = problemOf(e);
        if (p.code !== "canceled") void message.error(troubleText(t, p).what);
      })
      .finally(() => setBusy(false));
  }
  if (busy) {
    return (
      <Button onClick={() => void client.app.cancel(request.current).catch(() => undefined)}>
        {t("recordsPage.search.exportStop")}
      </Button>
    );
  }
  return (
    <>
      {(["xlsx", "csv"] as const).map((kind) => (
        <Button key={kind} icon={<DownloadOutlined aria-hidden />} onClick={() => save(kind)}>
          {t(`recordsPage.search.export.${kind}`)}
        </Button>
      ))}
    </>
  );
}
