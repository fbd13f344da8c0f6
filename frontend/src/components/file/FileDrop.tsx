import { App, Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/errors";
import { base64Of } from "@/components/file/fileBytes";
import { useFileDrop } from "@/components/file/useFileDrop";
import { troubleText } from "@/components/trouble";

/** A file by its path, or, where the window tells none, by the bytes that were dropped. */
export interface File {
  path: string;
  base64: string;
  name: string;
}

interface Props {
  title: string;
  text: ReactNode;
  formats: string;
  pick: () => Promise<string>;
  onFile: (file: File) => void;
  children?: ReactNode;
}

const nameOf = (path: string) => path.split(/[\\/]/).pop() ?? path;

/** The way to a file: picked or dropped. */
export function FileDrop({ title, text, formats, pick, onFile, children }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { over, area } = useFileDrop(
    ([path = ""]) => onFile({ path, base64: "", name: nameOf(path) }),
    ([file]) => file && void base64Of(file).then((base64) => onFile({ path: "", base64, name: file.name })),
  );
  const choose = () =>
    void pick()
      .then((path) => {
        if (path) onFile({ path, base64: "", name: nameOf(path) });
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  return (
    <section className={over ? "card drop-card over" : "card drop-card"} aria-label={title} {...area}>
      <h2>{title}</h2>
      <p>{over ? t("intake.dropOver") : text}</p>
      <div className="row wrap">
        <Button type="primary" onClick={choose}>
          {t("intake.pick")}
        </Button>
        {children}
      </div>
      <small className="faint">{formats}</small>
    </section>
  );
}
