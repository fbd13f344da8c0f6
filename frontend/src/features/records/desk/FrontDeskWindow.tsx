import { LockOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { FrontDeskState } from "@/api/records";
import { Logo } from "@/components/Logo";
import { officeTitle } from "@/components/office/officeTitle";
import { useOffices } from "@/components/office/useOffice";
import { LeaveDialog } from "@/features/records/desk/LeaveDialog";
import { LookupPage } from "@/features/records/lookup/LookupPage";

/** The whole window of a colleague at the front desk: one box for questions, and nothing else. */
export function FrontDeskWindow({ state }: { state: FrontDeskState }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const { data: offices } = useOffices();
  const office = offices?.find((o) => o.id === state.officeId);
  const english = i18n.language === "en";
  // Who sits here has a language of their own, which is kept apart from the window's.
  useEffect(() => {
    if (state.language !== "" && state.language !== i18n.language) void i18n.changeLanguage(state.language);
  }, [state.language, i18n, i18n.language]);
  function speak(language: "en" | "zh-CN") {
    cache.setQueryData(keys.frontDesk, { ...state, language });
    void i18n.changeLanguage(language);
    client.frontDesk.setLanguage(language).catch(() => undefined); // then for now only
  }
  return (
    <div className="guest">
      <header className="guest-bar">
        <Logo />
        <strong className="grow">{t("app.name")}</strong>
        <Button
          type="text"
          lang={english ? "zh-CN" : "en"}
          aria-label={t("top.otherLanguage")}
          onClick={() => speak(english ? "zh-CN" : "en")}
        >
          {t("top.otherLanguageShort")}
        </Button>
        <Button type="text" icon={<LockOutlined aria-hidden />} onClick={() => setLeaving(true)}>
          {t("recordsPage.desk.leave")}
        </Button>
      </header>
      <main id="main" tabIndex={-1} className="desk-main stack">
        <div>
          <h1>{t("recordsPage.desk.title")}</h1>
          <p className="lead">
            {t("recordsPage.desk.lead", { office: office ? officeTitle(t, office) : "" })}
          </p>
        </div>
        {office && <LookupPage office={office} desk />}
      </main>
      {leaving && <LeaveDialog onClose={() => setLeaving(false)} />}
    </div>
  );
}
