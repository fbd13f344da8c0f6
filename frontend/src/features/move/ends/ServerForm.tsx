import { AutoComplete, Input, InputNumber, Select, Switch } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Security, Suggestion } from "@/api/types";
import {
  changeDraft,
  changePerson,
  changeSide,
  emptyPerson,
  readDraft,
  type SideName,
  useDraft,
} from "@/features/move/draft";
import { oneForEach } from "@/features/move/draftCheck";
import { MasterWay } from "@/features/move/ends/oauth/MasterWay";
import { PersonSignIn } from "@/features/move/ends/oauth/PersonSignIn";
import { SignInWay } from "@/features/move/ends/oauth/SignInWay";
import { PasswordField } from "@/features/move/ends/PasswordField";
import { ProviderSteps } from "@/features/move/ends/ProviderSteps";
import { SignInTest } from "@/features/move/ends/SignInTest";
import { useProviders, useSuggest } from "@/features/move/ends/useProviders";

/** A mail server, and one mailbox to try it with. */
export function ServerForm({ name }: { name: SideName }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const draft = useDraft();
  const side = draft[name];
  const providers = useProviders();
  const suggest = useSuggest();
  const [provider, setProvider] = useState<Suggestion>();
  const own = draft.people[0]?.[name];

  function use(s: Suggestion) {
    setProvider(s);
    changeSide(name, { host: s.host, port: s.port || null, security: s.security, pin: "" });
  }
  function ownPerson() {
    if (!readDraft().people[0]) changeDraft({ people: [emptyPerson()] });
    return readDraft().people[0]?.key ?? "";
  }
  async function addressLeft() {
    const user = own?.user.trim() ?? "";
    if (!user.includes("@") || side.host) return;
    const s = await suggest(user);
    if (s?.known && !readDraft()[name].host) use(s);
  }
  const plain = side.security === "plain";
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-host`}>{t("move.ends.host")}</label>
        <AutoComplete
          id={`${id}-host`}
          value={side.host}
          placeholder="imap.example.com"
          options={providers.map((p) => ({
            value: p.provider,
            label: i18n.language === "en" ? p.nameEn : p.nameZh,
          }))}
          showSearch={{
            filterOption: (text, option) => {
              const p = providers.find((s) => s.provider === option?.value);
              return p
                ? `${p.nameZh} ${p.nameEn} ${p.host}`.toLowerCase().includes(text.toLowerCase())
                : false;
            },
          }}
          onSelect={(key) => {
            const p = providers.find((s) => s.provider === key);
            if (p) use(p);
          }}
          onChange={(host) => {
            if (!providers.some((s) => s.provider === host)) changeSide(name, { host, pin: "" });
          }}
        />
        <small>{t("move.ends.hostNote")}</small>
      </div>
      <div className="field-pair">
        <div className="field">
          <label htmlFor={`${id}-security`}>{t("move.ends.security")}</label>
          <Select<Security>
            id={`${id}-security`}
            value={side.security}
            onChange={(security) => changeSide(name, { security, port: null, pin: "" })}
            options={(["tls", "starttls", "plain"] as const).map((value) => ({
              value,
              label: t(`move.ends.securities.${value}`),
            }))}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-port`}>{t("move.ends.port")}</label>
          <InputNumber
            id={`${id}-port`}
            min={1}
            max={65535}
            precision={0}
            controls={false}
            value={side.port}
            placeholder={side.security === "tls" ? "993" : "143"}
            onChange={(port) => changeSide(name, { port, pin: "" })}
          />
        </div>
      </div>
      {plain && <p className="notice">{t("move.ends.plainNote")}</p>}
      <ProviderSteps suggestion={provider} />
      <SignInWay name={name} />
      <div className="field-row" hidden={side.auth !== ""}>
        <Switch
          id={`${id}-master`}
          checked={side.master}
          onChange={(master) => changeSide(name, { master })}
          aria-labelledby={`${id}-master-label`}
          size="small"
        />
        <label id={`${id}-master-label`} htmlFor={`${id}-master`}>
          {t("move.ends.master")}
        </label>
      </div>
      {side.master && !side.auth && <MasterWay name={name} />}
      {side.master && !side.auth && (
        <div className="field-pair even">
          <div className="field">
            <label htmlFor={`${id}-mu`}>{t("move.ends.masterUser")}</label>
            <Input
              id={`${id}-mu`}
              value={side.masterUser}
              onChange={(e) => changeSide(name, { masterUser: e.target.value })}
            />
          </div>
          <PasswordField
            label={t("move.ends.masterPassword")}
            value={side.masterKey}
            onChange={(masterKey) => changeSide(name, { masterKey })}
          />
        </div>
      )}
      <div className="field-pair even">
        <div className="field">
          <label htmlFor={`${id}-user`}>{t("move.ends.user")}</label>
          <Input
            id={`${id}-user`}
            value={own?.user ?? ""}
            placeholder="li.lei@example.com"
            autoComplete="off"
            spellCheck={false}
            onBlur={() => void addressLeft()}
            onChange={(e) => changePerson(ownPerson(), name, { user: e.target.value, test: undefined })}
          />
        </div>
        {oneForEach(side) && !side.auth && (
          <PasswordField
            label={t("move.ends.password")}
            value={own?.password}
            onChange={(password) => changePerson(ownPerson(), name, { password, test: undefined })}
          />
        )}
      </div>
      {side.auth === "oauth" && own && <PersonSignIn name={name} person={draft.people[0]} />}
      <SignInTest name={name} />
    </>
  );
}
