import { Button, Checkbox, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExamRun } from "@/features/doctor/check/useExam";
import { SideForm } from "@/features/doctor/letter/SideForm";
import { useMailbox } from "@/features/doctor/mailbox/useMailbox";
import { useProviderChoices } from "@/features/doctor/useProviderChoices";

/** The field for a domain or an address, and what else a person may say about it. */
export function ExamForm({ run }: { run: ExamRun }) {
  const { t } = useTranslation();
  const id = useId();
  const { request, change, exam } = run;
  const mailbox = useMailbox("exam-mailbox");
  const [signIn, setSignIn] = useState(false);

  async function start() {
    if (!signIn || !mailbox.complete) return run.start();
    const at = await mailbox.signedIn();
    if (at) run.start(undefined, at);
  }
  const running = exam?.state === "running";
  const again = exam !== undefined && !running && request.domain.trim() === exam.request.domain;
  const options = [
    ["lists", t("examine.lists")],
    ["switching", t("examine.switching")],
    ["ownHost", t("examine.ownHost")],
    ["spread", t("examine.spread")],
  ] as const;
  return (
    <form
      className="card no-print"
      aria-label={t("doctorPage.section.check")}
      onSubmit={(e) => {
        e.preventDefault();
        void start();
      }}
    >
      <div className="exam-line">
        <div className="field grow">
          <label htmlFor={id}>{t("examine.field")}</label>
          <Input
            id={id}
            size="large"
            value={request.domain}
            placeholder={t("examine.placeholder")}
            spellCheck={false}
            onChange={(e) => change({ domain: e.target.value })}
          />
        </div>
        {running ? (
          <Button size="large" onClick={run.stop}>
            {t("examine.stop")}
          </Button>
        ) : (
          <Button size="large" type="primary" htmlType="submit" loading={run.busy}>
            {again ? t("examine.again") : t("examine.start")}
          </Button>
        )}
      </div>
      <details className="folded">
        <summary>{t("examine.options")}</summary>
        <div className="exam-options">
          <ProviderField value={request.provider} onChange={(provider) => change({ provider })} />
          {options.map(([key, label]) => (
            <Checkbox key={key} checked={request[key]} onChange={(e) => change({ [key]: e.target.checked })}>
              {label}
            </Checkbox>
          ))}
          <Checkbox checked={signIn} onChange={(e) => setSignIn(e.target.checked)}>
            {t("examine.signIn")}
          </Checkbox>
        </div>
        {signIn && (
          <SideForm title={t("examine.signInTitle")} side={mailbox.side} sends onChange={mailbox.change}>
            <small className="faint">{t("examine.signInNote")}</small>
          </SideForm>
        )}
      </details>
    </form>
  );
}

function ProviderField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const choices = useProviderChoices();
  return (
    <div className="field">
      <label htmlFor={id}>{t("examine.provider")}</label>
      <Select
        id={id}
        showSearch={{ optionFilterProp: "label" }}
        value={value}
        options={[{ value: "", label: t("examine.providerAuto") }, ...choices]}
        onChange={onChange}
      />
    </div>
  );
}
