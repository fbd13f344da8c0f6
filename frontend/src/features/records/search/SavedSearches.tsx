import { DeleteOutlined, EditOutlined, StarOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popover } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { SavedSearch } from "@/api/records";
import { troubleText } from "@/components/trouble";

interface Props {
  office: OfficeInfo;
  question: string;
  onChoose: (question: string) => void;
}

/** Searches that are kept under a name. */
export function SavedSearches({ office, question, onChoose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [renaming, setRenaming] = useState<{ id: string; name: string }>();
  const { data: saved = [] } = useQuery({
    queryKey: keys.savedSearches(office.id),
    queryFn: () => client.records.saved(office.id),
  });
  const take = (change: Promise<SavedSearch[]>) =>
    change
      .then((all) => cache.setQueryData(keys.savedSearches(office.id), all))
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  function keep() {
    if (!name.trim() || !question) return;
    void take(client.records.save(office.id, name.trim(), question));
    setName("");
  }
  function rename(e: FormEvent) {
    e.preventDefault();
    if (!renaming?.name.trim()) return;
    void take(client.records.rename(office.id, renaming.id, renaming.name.trim()));
    setRenaming(undefined);
  }
  const content = (
    <section className="stack-tight saved" aria-label={t("recordsPage.saved.title")}>
      {saved.length === 0 && <p className="faint">{t("recordsPage.saved.none")}</p>}
      <ul>
        {saved.map((s) => (
          <li key={s.id} className="row">
            {renaming?.id === s.id && (
              <form className="row grow" onSubmit={rename}>
                <Input
                  autoFocus
                  size="small"
                  aria-label={t("recordsPage.saved.newName")}
                  value={renaming.name}
                  maxLength={80}
                  onChange={(e) => setRenaming({ ...renaming, name: e.target.value })}
                />
                <Button size="small" htmlType="submit" disabled={!renaming.name.trim()}>
                  {t("recordsPage.saved.take")}
                </Button>
              </form>
            )}
            <button
              type="button"
              className="link grow clip"
              title={s.question}
              hidden={renaming?.id === s.id}
              onClick={() => {
                onChoose(s.question);
                setOpen(false);
              }}
            >
              {s.name}
            </button>
            <Button
              type="text"
              size="small"
              icon={<EditOutlined aria-hidden />}
              aria-label={t("recordsPage.saved.rename", { name: s.name })}
              onClick={() => setRenaming({ id: s.id, name: s.name })}
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t("recordsPage.saved.forget", { name: s.name })}
              onClick={() => void take(client.records.unsave(office.id, s.id))}
            />
          </li>
        ))}
      </ul>
      <form
        className="field"
        onSubmit={(e) => {
          e.preventDefault();
          keep();
        }}
      >
        <label htmlFor={id}>{t("recordsPage.saved.name")}</label>
        <div className="row">
          <Input id={id} value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />
          <Button type="primary" htmlType="submit" disabled={!question || !name.trim()}>
            {t("recordsPage.saved.keep")}
          </Button>
        </div>
        {!question && <small className="faint">{t("recordsPage.saved.nothing")}</small>}
      </form>
    </section>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={content} placement="bottomRight">
      <Button icon={<StarOutlined aria-hidden />} aria-expanded={open} aria-haspopup="dialog">
        {t("recordsPage.saved.title")}
      </Button>
    </Popover>
  );
}
