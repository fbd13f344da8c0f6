import { FolderOpenOutlined, InboxOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useId } from "react";
import { useClient } from "@/api/ClientContext";
import type { MailInput } from "@/api/doctor";
import { base64Of } from "@/components/file/fileBytes";
import { useFileDrop } from "@/components/file/useFileDrop";

interface Props {
  label: string;
  placeholder: string;
  /** The words of the buttons, and what a drop does. */
  words: { read: string; file: string; drop: string; example: string; mailbox: string };
  example: string;
  text: string;
  onText: (text: string) => void;
  onRead: (input: MailInput) => void;
  /** Asks for a mail of a mailbox. */
  onMailbox: () => void;
  busy: boolean;
}

const nothing: MailInput = { text: "", path: "", base64: "" };

/** Takes a mail: pasted, dropped on the window, or from a file. */
export function MailEntry(props: Props) {
  const { label, placeholder, words, example, text, onText, onRead, onMailbox, busy } = props;
  const client = useClient();
  const id = useId();
  const { over, area } = useFileDrop(
    ([path = ""]) => onRead({ ...nothing, path }),
    ([file]) => file && void base64Of(file).then((base64) => onRead({ ...nothing, base64 })),
  );

  async function pick() {
    const path = await client.readers.pickMail().catch(() => "");
    if (path) onRead({ ...nothing, path });
  }
  return (
    <section className={over ? "card mail-entry over" : "card mail-entry"} aria-label={label} {...area}>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <Input.TextArea
          id={id}
          rows={7}
          value={text}
          spellCheck={false}
          placeholder={placeholder}
          onChange={(e) => onText(e.target.value)}
        />
      </div>
      <div className="row wrap">
        <Button
          type="primary"
          loading={busy}
          disabled={text.trim() === ""}
          onClick={() => onRead({ ...nothing, text })}
        >
          {words.read}
        </Button>
        <Button icon={<FolderOpenOutlined aria-hidden />} onClick={() => void pick()}>
          {words.file}
        </Button>
        <Button icon={<InboxOutlined aria-hidden />} onClick={onMailbox}>
          {words.mailbox}
        </Button>
        {text === "" && (
          <Button
            type="text"
            onClick={() => {
              onText(example);
              onRead({ ...nothing, text: example });
            }}
          >
            {words.example}
          </Button>
        )}
        <span className="faint drop-hint">{words.drop}</span>
      </div>
    </section>
  );
}
