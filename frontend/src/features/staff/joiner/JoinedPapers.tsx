import { useQuery } from "@tanstack/react-query";
import { App, Button, Input, Radio } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { troubleText } from "@/components/trouble";
import { type Joined, letterFor } from "@/features/staff/joiner/letter";

interface Props {
  office: OfficeInfo;
  joined: Joined;
  onAnother: () => void;
}

/** What somebody new is handed: the password once, the card, the letter. */
export function JoinedPapers({ office, joined, onAnother }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const { data: settings } = useQuery({
    queryKey: ["joiner", office.id, "settings"],
    queryFn: () => client.joiner.settings(office.id),
    retry: false,
  });
  const said = (what: Promise<string>) =>
    void what
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  const copy = (text: string) =>
    void navigator.clipboard
      ?.writeText(text)
      .then(() => void message.success(t("staff.form.copied")))
      .catch(() => undefined);
  const { name, address, password, failed } = joined;
  const hasCard = (settings?.servers ?? []).some((s) => s.name === "imap");
  return (
    <>
      <section className="card form-card" aria-labelledby="joined">
        <h2 id="joined">{t(failed > 0 ? "joiner.partly" : "joiner.done", { name })}</h2>
        <p>{address}</p>
        {failed > 0 && <p className="warn">{t("joiner.partlyHint")}</p>}
        {password !== "" && (
          <div className="row wrap">
            <span>{t("joiner.password")}</span>
            <code className="path">{password}</code>
            <Button onClick={() => copy(password)}>{t("joiner.copyPassword")}</Button>
            <small className="faint">{t("joiner.passwordOnce")}</small>
          </div>
        )}
        <div className="row wrap">
          <span className="grow">{hasCard ? t("joiner.cardText") : t("joiner.cardNot")}</span>
          <Button disabled={!hasCard} onClick={() => said(client.joiner.saveCard(office.id, name, address))}>
            {t("joiner.cardSave")}
          </Button>
        </div>
      </section>
      <Letter
        key={settings ? "known" : ""}
        joined={joined}
        settings={settings}
        onCopy={copy}
        onSave={(subject, text, eml) => said(client.joiner.saveLetter({ to: address, subject, text, eml }))}
      />
      <div className="row">
        <Button onClick={onAnother}>{t("joiner.another")}</Button>
      </div>
    </>
  );
}

interface LetterProps {
  joined: Joined;
  settings: Parameters<typeof letterFor>[2];
  onCopy: (text: string) => void;
  onSave: (subject: string, text: string, eml: boolean) => void;
}

function Letter({ joined, settings, onCopy, onSave }: LetterProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [language, setLanguage] = useState(i18n.language);
  const [letter, setLetter] = useState(() => letterFor(t, joined, settings));
  useEffect(() => {
    setLetter(letterFor(i18n.getFixedT(language), joined, settings));
  }, [i18n, language, joined, settings]);
  return (
    <section className="card form-card" aria-labelledby={id}>
      <div className="row wrap">
        <h2 id={id} className="grow">
          {t("joiner.letter")}
        </h2>
        <Radio.Group
          aria-label={t("joiner.letterIn")}
          value={language}
          onChange={(e) => setLanguage(e.target.value as string)}
          options={[
            { value: "zh-CN", label: t("joiner.chinese") },
            { value: "en", label: t("joiner.english") },
          ]}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-s`}>{t("joiner.subject")}</label>
        <Input
          id={`${id}-s`}
          value={letter.subject}
          maxLength={90}
          onChange={(e) => setLetter({ ...letter, subject: e.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-t`}>{t("joiner.text")}</label>
        <Input.TextArea
          id={`${id}-t`}
          autoSize={{ minRows: 8, maxRows: 18 }}
          value={letter.text}
          maxLength={20_000}
          onChange={(e) => setLetter({ ...letter, text: e.target.value })}
        />
      </div>
      <div className="row wrap">
        <Button type="primary" onClick={() => onCopy(`${letter.subject}\n\n${letter.text}`)}>
          {t("joiner.copy")}
        </Button>
        <Button onClick={() => onSave(letter.subject, letter.text, true)}>{t("joiner.saveEml")}</Button>
        <Button onClick={() => onSave(letter.subject, letter.text, false)}>{t("joiner.saveTxt")}</Button>
      </div>
    </section>
  );
}
