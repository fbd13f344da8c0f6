import { CheckCircleFilled, LoginOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSignInApps } from "@/api/useSignInApps";
import { TroubleCard } from "@/components/TroubleCard";
import { type Person, type SideName, useDraft } from "@/features/move/draft";
import { hasPassword } from "@/features/move/draftCheck";
import { useSignIn } from "@/features/move/ends/oauth/useSignIn";
import { Waiting } from "@/features/move/ends/oauth/Waiting";

/** One person's sign-in at the vendor: the button, the waiting, who it was. */
export function PersonSignIn({ name, person }: { name: SideName; person: Person | undefined }) {
  const { t } = useTranslation();
  const side = useDraft()[name];
  const apps = useSignInApps();
  const { run, stop, running, step, outcome, trouble } = useSignIn(name, person?.key ?? "");
  const app = apps.find((a) => a.id === side.app);
  if (!app || !person) return null;
  const own = person[name];
  const signed = hasPassword(own.password);
  const vendor = t(`oauth.vendor.${app.vendor}`);
  return (
    <div className="sign-in-person">
      {signed && !running && (
        <p className="good">
          <CheckCircleFilled aria-hidden />{" "}
          {own.account ? t("oauth.as", { account: own.account }) : t("oauth.asUnknown")}
        </p>
      )}
      {running ? (
        <Waiting step={step} onStop={stop} />
      ) : (
        <div className="row wrap">
          <Button
            type={signed ? "default" : "primary"}
            icon={<LoginOutlined aria-hidden />}
            onClick={() => void run(false)}
          >
            {signed ? t("oauth.again") : t("oauth.signIn", { vendor })}
          </Button>
          {app.codes && (
            <Button type="text" title={t("oauth.byCodeNote")} onClick={() => void run(true)}>
              {t("oauth.byCode")}
            </Button>
          )}
        </div>
      )}
      {running && !app.codes && <p className="faint">{t("oauth.googleNoCode")}</p>}
      {outcome?.other && (
        <div className="notice" role="alert">
          <strong>{t("oauth.other", { account: outcome.account, address: own.user })}</strong>
          <p>{t("oauth.otherNote", { account: outcome.account })}</p>
        </div>
      )}
      {trouble && (
        <TroubleCard
          problem={trouble}
          actLabel={t("oauth.again")}
          acts={{ again: () => void run(false), fixSignIn: () => void run(false) }}
        />
      )}
    </div>
  );
}
