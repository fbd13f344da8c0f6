import { FolderOpenOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { LanguageChoice, ThemeChoice } from "@/api/types";
import { RecordSection } from "@/components/audit/RecordSection";
import { PageHeader } from "@/components/PageHeader";
import { SignInAppsCard } from "@/features/settings/signInApps/SignInAppsCard";
import { useSettings } from "@/lib/useSettings";

export function SettingsPage() {
  const { t } = useTranslation();
  const [settings, change] = useSettings();
  const resumes = ["scheduled", "all", "none"] as const;
  const themes: ThemeChoice[] = ["system", "light", "dark"];
  return (
    <div className="page narrow">
      <PageHeader title={t("nav.settings")} lead={t("settings.lead")} />
      <section className="card" aria-labelledby="settings-look">
        <h2 id="settings-look">{t("settings.look")}</h2>
        <fieldset className="setting">
          <legend>{t("settings.language.label")}</legend>
          <Radio.Group
            value={settings.language}
            onChange={(e) => change({ language: e.target.value as LanguageChoice })}
            options={[
              { value: "", label: t("settings.language.system") },
              { value: "zh-CN", label: <span lang="zh-CN">{t("settings.language.zh-CN")}</span> },
              { value: "en", label: <span lang="en">{t("settings.language.en")}</span> },
            ]}
          />
        </fieldset>
        <fieldset className="setting">
          <legend>{t("settings.theme.label")}</legend>
          <Radio.Group
            value={settings.theme}
            onChange={(e) => change({ theme: e.target.value as ThemeChoice })}
            options={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          />
        </fieldset>
      </section>
      <section className="card" aria-labelledby="settings-moves">
        <h2 id="settings-moves">{t("run.resume.title")}</h2>
        <p>{t("run.resume.text")}</p>
        <Radio.Group
          orientation="vertical"
          aria-labelledby="settings-moves"
          value={settings.resume}
          onChange={(e) => change({ resume: e.target.value as typeof settings.resume })}
          options={resumes.map((value) => ({ value, label: t(`run.resume.${value}`) }))}
        />
      </section>
      <section className="card" aria-labelledby="settings-notices">
        <h2 id="settings-notices">{t("settings.notices.title")}</h2>
        <div className="row">
          <Switch
            aria-labelledby="settings-notices"
            checked={!settings.quiet}
            onChange={(on) => change({ quiet: !on })}
          />
          <span>{t("settings.notices.text")}</span>
        </div>
      </section>
      <SignInAppsCard />
      <RecordSection />
      <About />
    </div>
  );
}

function About() {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const { data: info } = useQuery({ queryKey: keys.info, queryFn: () => client.app.info() });
  const { data: vault } = useQuery({ queryKey: keys.vault, queryFn: () => client.vault.status() });

  function openData() {
    client.app.openDataFolder().catch(() => void message.error(t("settings.openDataFailed")));
  }
  return (
    <>
      <section className="card" aria-labelledby="settings-data">
        <h2 id="settings-data">{t("settings.data")}</h2>
        <p>{t("settings.dataText")}</p>
        <div className="row">
          <code className="path grow">{info?.dataDir ?? "…"}</code>
          <Button icon={<FolderOpenOutlined aria-hidden />} onClick={openData}>
            {t("settings.openData")}
          </Button>
        </div>
        <p className="faint">
          {vault?.keychain ? t("settings.vaultKeychain") : t("settings.vaultPassphrase")}
        </p>
      </section>
      <section className="card" aria-labelledby="settings-about">
        <h2 id="settings-about">{t("settings.about")}</h2>
        <p>
          {t("settings.version", {
            version: info?.version ?? "…",
            system: info ? `${info.os} ${info.arch}` : "…",
          })}
        </p>
      </section>
    </>
  );
}
