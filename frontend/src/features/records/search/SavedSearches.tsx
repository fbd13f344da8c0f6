import { DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popover } from "antd";
import { useId, useState } from "react";
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
  const content = (
    <div className="stack-tight saved">
      {saved.length === 0 && <p className="faint">{t("recordsPage.saved.none")}</p>}
      <ul>
        {saved.map((s) => (
          <li key={s.id} className="row">
            <button
              type="button"
              className="link grow clip"
              title={s.question}
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
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={content} placement="bottomRight">
      <Button icon={<StarOutlined aria-hidden />} aria-expanded={open} aria-haspopup="dialog">
        {t("recordsPage.saved.title")}
      </Button>
    </Popover>
  );
}
