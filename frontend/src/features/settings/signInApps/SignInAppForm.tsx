import { Button, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { KeyFile, Problem, SignInApp, SignInVendor } from "@/api/types";
import { PasswordField } from "@/components/PasswordField";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";
import { AppGuide } from "@/features/settings/signInApps/AppGuide";
import { noPassword } from "@/lib/password";
import { vendors } from "@/lib/vendors";

const fields = ["vendor", "tenant", "client_id", "client_secret", "key_file"] as const;

interface Props {
  app: SignInApp | undefined;
  onDone: () => void;
  onCancel: () => void;
}

/** A sign-in app's facts and secrets; the secrets go into the vault and do not come back. */
export function SignInAppForm({ app, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const id = useId();
  const [vendor, setVendor] = useState<SignInVendor>(app?.vendor ?? "google");
  const [name, setName] = useState(app?.name ?? "");
  const [tenant, setTenant] = useState(app?.tenant ?? "");
  const [clientId, setClientId] = useState(app?.clientId ?? "");
  const [secret, setSecret] = useState(app?.hasSecret ? { typed: "", handle: "kept" } : noPassword);
  const [key, setKey] = useState<KeyFile>();
  const [trouble, setTrouble] = useState<Problem>();
  const google = vendor === "google";

  async function save() {
    setTrouble(undefined);
    try {
      if ((secret.typed || key) && !(await openVault())) return;
      const handle = secret.typed ? await client.vault.keep(secret.typed) : "";
      await client.signIns.saveApp({
        id: app?.id ?? "",
        name: name.trim() || t("oauth.apps.nameHint", { vendor: t(`oauth.vendor.${vendor}`) }),
        vendor,
        tenant: google ? "" : tenant,
        clientId,
        secret: handle,
        keyFile: google ? (key?.path ?? "") : "",
      });
      onDone();
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  async function pick() {
    setTrouble(undefined);
    try {
      const picked = await client.signIns.pickKeyFile();
      if (picked.path) setKey(picked);
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  const wrong =
    trouble?.code === "invalid" ? (fields.find((f) => f === trouble.args.field) ?? "other") : undefined;
  const email = key?.email ?? app?.keyEmail ?? "";
  return (
    <div className="sign-in-app">
      <div className="field-pair even">
        <div className="field">
          <label htmlFor={`${id}-vendor`}>{t("oauth.apps.vendor")}</label>
          <Select<SignInVendor>
            id={`${id}-vendor`}
            value={vendor}
            disabled={app !== undefined}
            onChange={setVendor}
            options={vendors.map((value) => ({ value, label: t(`oauth.vendor.${value}`) }))}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-name`}>{t("oauth.apps.name")}</label>
          <Input
            id={`${id}-name`}
            value={name}
            placeholder={t("oauth.apps.nameHint", { vendor: t(`oauth.vendor.${vendor}`) })}
            onChange={(e) => setName(e.target.value)}
          />
        </div>
      </div>
      <AppGuide vendor={vendor} />
      <div className="field">
        <label htmlFor={`${id}-client`}>{t("oauth.apps.clientId")}</label>
        <Input
          id={`${id}-client`}
          value={clientId}
          autoComplete="off"
          spellCheck={false}
          status={wrong === "client_id" ? "error" : undefined}
          onChange={(e) => setClientId(e.target.value)}
        />
      </div>
      {!google && (
        <div className="field">
          <label htmlFor={`${id}-tenant`}>{t("oauth.apps.tenant")}</label>
          <Input
            id={`${id}-tenant`}
            value={tenant}
            autoComplete="off"
            spellCheck={false}
            status={wrong === "tenant" ? "error" : undefined}
            onChange={(e) => setTenant(e.target.value)}
          />
          <small>{t("oauth.apps.tenantNote")}</small>
        </div>
      )}
      <PasswordField
        label={t("oauth.apps.secret")}
        value={secret}
        onChange={setSecret}
        invalid={wrong === "client_secret"}
      />
      <p className="faint">{t(google ? "oauth.apps.secretNoteGoogle" : "oauth.apps.secretNoteMicrosoft")}</p>
      {google && (
        <fieldset className="field">
          <legend>{t("oauth.apps.keyFile")}</legend>
          <div className="row wrap">
            <Button onClick={() => void pick()}>{t("oauth.apps.keyPick")}</Button>
            {email && <span>{t("oauth.apps.keyOf", { email })}</span>}
          </div>
          <small>
            {email
              ? t("oauth.apps.delegation", {
                  client: key?.client ?? app?.keyClient ?? "",
                  scope: app?.scope ?? "https://mail.google.com/",
                })
              : t("oauth.apps.keyNote")}
          </small>
        </fieldset>
      )}
      {wrong && (
        <p className="bad" role="alert">
          {t(`oauth.apps.wrong.${wrong}`)}
        </p>
      )}
      {trouble && !wrong && <TroubleCard problem={trouble} acts={{ again: () => void save() }} />}
      <div className="row">
        <Button type="primary" onClick={() => void save()}>
          {t("oauth.apps.save")}
        </Button>
        <Button onClick={onCancel}>{t("oauth.apps.cancel")}</Button>
      </div>
    </div>
  );
}
