import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { SignInApp } from "@/api/types";
import { useSignInApps } from "@/api/useSignInApps";
import { troubleText } from "@/components/trouble";
import { VaultGate } from "@/components/vault/VaultGate";
import { SignInAppForm } from "@/features/settings/signInApps/SignInAppForm";

/** The office's registrations with Google and Microsoft. */
export function SignInAppsCard() {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { modal, message } = App.useApp();
  const apps = useSignInApps();
  const [editing, setEditing] = useState<SignInApp | "new">();

  function changed() {
    setEditing(undefined);
    void cache.invalidateQueries({ queryKey: keys.signInApps });
  }
  async function remove(app: SignInApp) {
    try {
      await client.signIns.removeApp(app.id);
      changed();
    } catch (e) {
      const p = problemOf(e);
      void message.error(p.args.reason === "app_in_use" ? t("oauth.apps.inUse") : troubleText(t, p).what);
    }
  }
  function askRemove(app: SignInApp) {
    modal.confirm({
      title: t("oauth.apps.removeSure", { name: app.name || t(`oauth.vendor.${app.vendor}`) }),
      content: t("oauth.apps.removeText"),
      okText: t("oauth.apps.remove"),
      okButtonProps: { danger: true },
      cancelText: t("oauth.apps.cancel"),
      onOk: () => remove(app),
    });
  }
  return (
    <section className="card" aria-labelledby="settings-sign-in">
      <h2 id="settings-sign-in">{t("oauth.apps.title")}</h2>
      <p>{t("oauth.apps.text")}</p>
      {apps.length === 0 && !editing && <p className="faint">{t("oauth.apps.empty")}</p>}
      <ul className="plain-list">
        {apps.map((app) => (
          <li key={app.id} className="row wrap">
            <span className="grow">
              <strong>{app.name || t(`oauth.vendor.${app.vendor}`)}</strong>{" "}
              {!app.name.includes(t(`oauth.vendor.${app.vendor}`)) && (
                <span className="faint">{t(`oauth.vendor.${app.vendor}`)} </span>
              )}
              {app.person && <Tag>{t("oauth.apps.person")}</Tag>}
              {app.office && <Tag>{t("oauth.apps.office")}</Tag>}
            </span>
            <Button size="small" icon={<EditOutlined aria-hidden />} onClick={() => setEditing(app)}>
              {t("oauth.apps.edit")}
            </Button>
            <Button size="small" icon={<DeleteOutlined aria-hidden />} onClick={() => askRemove(app)}>
              {t("oauth.apps.remove")}
            </Button>
          </li>
        ))}
      </ul>
      {editing ? (
        <VaultGate>
          <SignInAppForm
            key={editing === "new" ? "new" : editing.id}
            app={editing === "new" ? undefined : editing}
            onDone={changed}
            onCancel={() => setEditing(undefined)}
          />
        </VaultGate>
      ) : (
        <div className="row">
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing("new")}>
            {t("oauth.apps.add")}
          </Button>
        </div>
      )}
    </section>
  );
}
