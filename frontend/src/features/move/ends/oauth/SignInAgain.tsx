import { LoginOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Endpoint, SignedIn } from "@/api/types";
import { useSignInApps } from "@/api/useSignInApps";
import { TroubleCard } from "@/components/TroubleCard";
import { useVendorSignIn } from "@/features/move/ends/oauth/useVendorSignIn";
import { Waiting } from "@/features/move/ends/oauth/Waiting";

/** A mailbox of a move whose permission has ended: its person signs in once more. */
export function SignInAgain({ end, onSigned }: { end: Endpoint; onSigned: (s: SignedIn) => void }) {
  const { t } = useTranslation();
  const app = useSignInApps().find((a) => a.id === end.app);
  const { ask, stop, running, step, trouble } = useVendorSignIn();
  async function run(byCode: boolean) {
    const signed = await ask(end.app, end.user, byCode);
    if (signed) onSigned(signed);
  }
  return (
    <div className="sign-in-person">
      {running ? (
        <Waiting step={step} onStop={stop} />
      ) : (
        <div className="row wrap">
          <Button type="primary" icon={<LoginOutlined aria-hidden />} onClick={() => void run(false)}>
            {app ? t("oauth.signIn", { vendor: t(`oauth.vendor.${app.vendor}`) }) : t("oauth.again")}
          </Button>
          {app?.codes && (
            <Button type="text" title={t("oauth.byCodeNote")} onClick={() => void run(true)}>
              {t("oauth.byCode")}
            </Button>
          )}
        </div>
      )}
      {trouble && <TroubleCard problem={trouble} acts={{ again: () => void run(false) }} />}
    </div>
  );
}
