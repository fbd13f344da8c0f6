import { FileExcelOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { troubleText } from "@/components/trouble";
import { base64Of } from "@/features/doctor/fileBytes";
import type { File } from "@/features/intake/useIntake";

const nameOf = (path: string) => path.split(/[\\/]/).pop() ?? path;

/** The template, and the way to the file: picked or dropped. */
export function FileStep({ office, onFile }: { office: OfficeInfo; onFile: (file: File) => void }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const [over, setOver] = useState(false);
  const droppedAt = useRef(0);
  const take = useRef(onFile);
  take.current = onFile;
  const language = i18n.language === "en" ? ("en" as const) : ("zh-CN" as const);

  useEffect(
    () =>
      client.readers.onFiles((paths) => {
        // Some windows tell of a drop twice: as an event of the page, and with the path.
        if (paths[0] && Date.now() - droppedAt.current > 1000) {
          take.current({ path: paths[0], base64: "", name: nameOf(paths[0]) });
        }
      }),
    [client],
  );
  async function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (!file) return;
    droppedAt.current = Date.now();
    onFile({ path: "", base64: await base64Of(file), name: file.name });
  }
  async function pick() {
    const path = await client.intake.pick().catch(() => "");
    if (path) onFile({ path, base64: "", name: nameOf(path) });
  }
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
      <section
        className={over ? "card drop-card over" : "card drop-card"}
        aria-labelledby="intake-file"
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => void drop(e)}
      >
        <h2 id="intake-file">{t("intake.step.file")}</h2>
        <p>
          <FileExcelOutlined aria-hidden /> {t(over ? "intake.dropOver" : "intake.drop")}
        </p>
        <Button type="primary" onClick={() => void pick()}>
          {t("intake.pick")}
        </Button>
        <small className="faint">{t("intake.formats")}</small>
      </section>
    </div>
  );
}
