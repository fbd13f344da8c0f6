import { FileExcelOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { type File, FileDrop } from "@/components/file/FileDrop";
import { troubleText } from "@/components/trouble";

/** The template, and the way to the file: picked or dropped. */
export function FileStep({ office, onFile }: { office: OfficeInfo; onFile: (file: File) => void }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const language = i18n.language === "en" ? ("en" as const) : ("zh-CN" as const);
  function template(format: "csv" | "xlsx") {
    client.intake
      .saveTemplate(office.id, language, format)
      .then((path) => {
        if (path) void message.success(t("intake.templateSaved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  return (
    <div className="two-cards">
      <section className="card" aria-labelledby="intake-template">
        <h2 id="intake-template">{t("intake.template")}</h2>
        <p>{t("intake.templateText")}</p>
        <div className="row wrap">
          <Button onClick={() => template("xlsx")}>{t("intake.templateXLSX")}</Button>
          <Button onClick={() => template("csv")}>{t("intake.templateCSV")}</Button>
        </div>
      </section>
      <FileDrop
        title={t("intake.step.file")}
        text={
          <>
            <FileExcelOutlined aria-hidden /> {t("intake.drop")}
          </>
        }
        formats={t("intake.formats")}
        pick={() => client.intake.pick()}
        onFile={onFile}
      />
    </div>
  );
}
