import { DownloadOutlined, FileExcelOutlined, PlusOutlined, SnippetsOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { LanguageChoice, PeopleList, Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { changeDraft, emptyPerson, readDraft } from "@/features/move/draft";
import { isBlank } from "@/features/move/draftCheck";
import { FileProblems } from "@/features/move/people/FileProblems";
import { PasteDialog } from "@/features/move/people/PasteDialog";
import { PeopleTable } from "@/features/move/people/PeopleTable";
import { peopleOfFile } from "@/features/move/people/rows";
import { useOpenVault } from "@/features/move/VaultGate";

/** People by hand, by pasting, or from a file. */
export function PeopleEntry() {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const openVault = useOpenVault();
  const [pasting, setPasting] = useState(false);
  const [file, setFile] = useState<PeopleList>();
  const [trouble, setTrouble] = useState<Problem>();

  useEffect(() => {
    if (readDraft().people.length === 0) changeDraft({ people: [emptyPerson()] });
  }, []);

  async function fromFile() {
    setTrouble(undefined);
    try {
      const path = await client.people.pick();
      if (!path) return;
      // The file's passwords go straight into the vault.
      if (!(await openVault())) return;
      const list = await client.people.read({ path, text: "", sheet: "", hidden: false });
      setFile(list);
      if (list.rows.length === 0) return;
      changeDraft((d) => ({ people: [...d.people.filter((p) => !isBlank(p)), ...peopleOfFile(list.rows)] }));
      void message.success(t("move.people.read", { count: list.rows.length }));
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  async function template() {
    try {
      const path = await client.people.saveTemplate(i18n.language as LanguageChoice, "xlsx");
      if (path) void message.success(t("move.people.templateSaved", { path }));
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }

  return (
    <section className="card flush" aria-labelledby="people-title">
      <div className="card-head">
        <div className="grow">
          <h2 id="people-title">{t("move.people.title")}</h2>
          <p className="faint">{t("move.people.text")}</p>
        </div>
        <div className="row wrap">
          <Button icon={<FileExcelOutlined aria-hidden />} onClick={() => void fromFile()}>
            {t("move.people.fromFile")}
          </Button>
          <Button icon={<SnippetsOutlined aria-hidden />} onClick={() => setPasting(true)}>
            {t("move.people.paste")}
          </Button>
          <Button type="text" icon={<DownloadOutlined aria-hidden />} onClick={() => void template()}>
            {t("move.people.template")}
          </Button>
        </div>
      </div>
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void fromFile() }} />}
      {file && <FileProblems list={file} />}
      <PeopleTable />
      <div className="card-foot">
        <Button
          icon={<PlusOutlined aria-hidden />}
          onClick={() => changeDraft((d) => ({ people: [...d.people, emptyPerson()] }))}
        >
          {t("move.people.add")}
        </Button>
      </div>
      {pasting && <PasteDialog onClose={() => setPasting(false)} />}
    </section>
  );
}
