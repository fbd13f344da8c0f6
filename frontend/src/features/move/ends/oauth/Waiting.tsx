import { CloseOutlined, CopyOutlined } from "@ant-design/icons";
import { App, Button, Spin } from "antd";
import { useTranslation } from "react-i18next";
import type { SignInStep } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

/** While a person signs in: the code to type or the page's address, and a way to stop. */
export function Waiting({ step, onStop }: { step: SignInStep | undefined; onStop: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  function copy(text: string) {
    navigator.clipboard
      .writeText(text)
      .then(() => void message.success(t("oauth.copied")))
      .catch(() => undefined);
  }
  return (
    <div className="sign-in-wait" aria-live="polite">
      <div className="row">
        <Spin size="small" /> <span>{t(step?.code ? "oauth.waitingCode" : "oauth.waiting")}</span>
      </div>
      {step?.code && (
        <p className="row wrap">
          <code className="device-code">{step.code}</code>
          <Button size="small" icon={<CopyOutlined aria-hidden />} onClick={() => copy(step.code)}>
            {t("oauth.copyCode")}
          </Button>
        </p>
      )}
      {step?.code && (
        <p>
          <code className="path">{step.url}</code>
        </p>
      )}
      {step && step.expires > 0 && (
        <p className="faint">{t("oauth.until", { time: format.moment(step.expires) })}</p>
      )}
      <div className="row wrap">
        {step?.url && (
          <Button size="small" icon={<CopyOutlined aria-hidden />} onClick={() => copy(step.url)}>
            {t("oauth.copyUrl")}
          </Button>
        )}
        <Button size="small" icon={<CloseOutlined aria-hidden />} onClick={onStop}>
          {t("oauth.stop")}
        </Button>
      </div>
    </div>
  );
}
