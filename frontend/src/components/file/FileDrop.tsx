import { App, Button } from "antd";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { base64Of } from "@/components/file/fileBytes";
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
  const client = useClient();
  const { message } = App.useApp();
  const [over, setOver] = useState(false);
  const droppedAt = useRef(0);
  const take = useRef(onFile);
  take.current = onFile;
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
  const choose = () =>
    void pick()
      .then((path) => {
        if (path) onFile({ path, base64: "", name: nameOf(path) });
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  return (
    <section
      className={over ? "card drop-card over" : "card drop-card"}
      aria-label={title}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => void drop(e)}
    >
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
