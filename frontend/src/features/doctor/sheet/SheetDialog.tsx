import { useQuery } from "@tanstack/react-query";
import { App, Button, Modal, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { SheetFormat, SheetRequest, SheetSection } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import { TroubleCard } from "@/components/TroubleCard";

interface Props {
  sections: SheetSection[];
  /** Domains whose name stays on the sheet. */
  keep: string[];
  onClose: () => void;
}

/** The support sheet as it will be saved, shown before it is. */
export function SheetDialog({ sections, keep, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const request: SheetRequest = {
    language: i18n.language === "en" ? "en" : "zh-CN",
    title: t("sheet.title"),
    lead: t("sheet.lead"),
    keep,
    sections,
  };
  const preview = useQuery({
    queryKey: ["sheet", request],
    queryFn: () => client.supportSheet.preview(request),
    gcTime: 0,
  });
  async function save(format: SheetFormat) {
    try {
      const path = await client.supportSheet.save(request, format);
      if (path) void message.success(t("sheet.saved", { path }), 6);
    } catch (e) {
      void message.error(problemOf(e).code);
    }
  }
  return (
    <Modal
      open
      width={760}
      title={t("sheet.title")}
      onCancel={onClose}
      footer={
        <div className="row sheet-foot">
          <Button onClick={onClose}>{t("sheet.close")}</Button>
          <Button onClick={() => void save("zip")} disabled={!preview.data}>
            {t("sheet.zip")}
          </Button>
          <Button type="primary" onClick={() => void save("html")} disabled={!preview.data}>
            {t("sheet.html")}
          </Button>
        </div>
      }
    >
      <p>{t("sheet.lead")}</p>
      {preview.isPending && <Skeleton active />}
      {preview.error && <TroubleCard problem={problemOf(preview.error)} />}
      {preview.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
        <div className="sheet" tabIndex={0} role="document" aria-label={t("sheet.title")}>
          {preview.data.sections.map((s) => (
            <section key={s.title}>
              <h3>{s.title}</h3>
              <dl className="facts">
                {s.facts.map((f, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
                  <div key={i} className="facts-row">
                    <dt>{f.name}</dt>
                    <dd>{f.value}</dd>
                  </div>
                ))}
              </dl>
              {s.texts.map((x, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
                <div key={i}>
                  <p className="faint">{x.title}</p>
                  {x.body && <pre>{x.body}</pre>}
                </div>
              ))}
            </section>
          ))}
        </div>
      )}
    </Modal>
  );
}
