import { DownloadOutlined, FileExcelOutlined, PlusOutlined, SnippetsOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { type ClipboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { LanguageChoice, ListFormat, Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, emptyPerson, readDraft, useDraft } from "@/features/move/draft";
import { FileNotes } from "@/features/move/people/FileNotes";
import { FindingsPanel } from "@/features/move/people/FindingsPanel";
import { PasteDialog } from "@/features/move/people/PasteDialog";
import { PeopleTable } from "@/features/move/people/PeopleTable";
import { SelfChoice } from "@/features/move/people/SelfChoice";
import { SignInPanel } from "@/features/move/people/SignInPanel";
import type { Findings } from "@/features/move/people/useFindings";
import { useListReading } from "@/features/move/people/useListReading";

/** People by hand, by pasting, or from a file. */
export function PeopleEntry({ findings, strict }: { findings: Findings; strict: boolean }) {
  const { t } = useTranslation();
  const client = useClient();
  const draft = useDraft();
  const reading = useListReading();
  const [pasting, setPasting] = useState(false);
  const [only, setOnly] = useState(false);
  const bad = new Set([...findings.blocking, ...findings.odd].map((f) => f.key));
  const rows = only ? draft.people.filter((p) => bad.has(p.key)) : draft.people;

  useEffect(() => {
    if (readDraft().people.length === 0)
      changeDraft({ people: [emptyPerson()], touched: readDraft().touched });
  }, []);

  const read = useRef(reading.read);
  read.current = reading.read;
  useEffect(
    () =>
      client.readers.onFiles((paths) => {
        const path = paths.find((p) => /\.(csv|xlsx|txt)$/i.test(p));
        if (path) void read.current({ path, text: "", sheet: "", hidden: false });
      }),
    [client],
  );

  async function fromFile() {
    const path = await client.people.pick().catch(() => "");
    if (path) await reading.read({ path, text: "", sheet: "", hidden: false });
  }
  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text/plain");
    // One word goes into the cell as usual; a table becomes rows.
    if (!/\t|\n./.test(text) || !/[@＠]/.test(text)) return;
    event.preventDefault();
    void reading.read({ path: "", text, sheet: "", hidden: false });
  }
  return (
    <section className="card flush" aria-labelledby="people-title" onPaste={onPaste}>
      <div className="card-head">
        <div className="grow">
          <h2 id="people-title">{t("move.people.title")}</h2>
          <p className="faint">{t("wizard.people.text")}</p>
        </div>
        <div className="row wrap">
          <Button
            icon={<FileExcelOutlined aria-hidden />}
            loading={reading.busy}
            onClick={() => void fromFile()}
          >
            {t("move.people.fromFile")}
          </Button>
          <Button icon={<SnippetsOutlined aria-hidden />} onClick={() => setPasting(true)}>
            {t("move.people.paste")}
          </Button>
          <TemplateMenu />
        </div>
      </div>
      {reading.trouble && (
        <div className="card-inset">
          <TroubleCard problem={reading.trouble} acts={{ again: () => void fromFile() }} />
        </div>
      )}
      {reading.list && (
        <FileNotes
          list={reading.list}
          withHidden={reading.withHidden}
          onAgain={(part) => void reading.again(part)}
          onClose={reading.forget}
        />
      )}
      <FindingsPanel findings={findings} strict={strict} only={only} onOnly={setOnly} />
      <PeopleTable rows={rows} found={findings.byKey} />
      <div className="card-foot row wrap">
        <Button
          icon={<PlusOutlined aria-hidden />}
          onClick={() => changeDraft((d) => ({ people: [...d.people, emptyPerson()] }))}
        >
          {t("move.people.add")}
        </Button>
        <SignInPanel />
        <SelfChoice />
      </div>
      {pasting && (
        <PasteDialog
          onText={(text) => reading.read({ path: "", text, sheet: "", hidden: false })}
          onClose={() => setPasting(false)}
        />
      )}
    </section>
  );
}

/** The empty list to be filled in, as Excel or CSV. */
function TemplateMenu() {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const [trouble, setTrouble] = useState<Problem>();
  async function save(format: ListFormat) {
    try {
      setTrouble(undefined);
      const path = await client.people.saveTemplate(i18n.language as LanguageChoice, format);
      if (path) void message.success(t("move.people.templateSaved", { path }));
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: (["xlsx", "csv"] as const).map((format) => ({
            key: format,
            label: t(`wizard.people.template.${format}`),
            onClick: () => void save(format),
          })),
        }}
      >
        <Button type="text" icon={<DownloadOutlined aria-hidden />} aria-haspopup="menu">
          {t("move.people.template")}
        </Button>
      </Dropdown>
      {trouble && <TroubleCard problem={trouble} />}
    </>
  );
}
