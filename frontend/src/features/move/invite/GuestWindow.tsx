import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Invitation } from "@/api/types";
import { useMove } from "@/api/useMoves";
import { Logo } from "@/components/Logo";
import { TroubleCard } from "@/components/TroubleCard";
import { GuestProgress } from "@/features/move/invite/GuestProgress";
import { GuestSignIn } from "@/features/move/invite/GuestSignIn";
import { useFormat } from "@/lib/useFormat";
import { useSettings } from "@/lib/useSettings";

/** The whole window of a person who was invited: their own move, and nothing else. */
export function GuestWindow({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return (
    <div className="guest">
      <GuestBar />
      <main id="main" tabIndex={-1} className="guest-main">
        <h1>{t("invite.guest.title", { name: invitation.person })}</h1>
        <p className="lead">{t("invite.guest.lead", { office: invitation.office || t("invite.someone") })}</p>
        <Trust invitation={invitation} />
        {invitation.moveId ? (
          <Begun invitation={invitation} moveId={invitation.moveId} />
        ) : (
          <GuestSignIn invitation={invitation} />
        )}
      </main>
    </div>
  );
}

function Begun({ invitation, moveId }: { invitation: Invitation; moveId: string }) {
  const { data: move } = useMove(moveId);
  if (!move) return <GuestSignIn invitation={invitation} />;
  const refused = move.mailboxes[0]?.problem;
  return (
    <>
      <GuestProgress invitation={invitation} move={move} />
      {refused && move.state === "failed" && (
        <>
          <TroubleCard problem={refused} />
          <GuestSignIn invitation={invitation} again />
        </>
      )}
    </>
  );
}

function GuestBar() {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const [, change] = useSettings();
  const english = i18n.language === "en";
  const leave = () =>
    client.guests
      .leave()
      .then(() => cache.invalidateQueries({ queryKey: keys.guest }))
      .catch(() => undefined);
  return (
    <header className="guest-bar">
      <Logo />
      <strong className="grow">{t("app.name")}</strong>
      <Button
        type="text"
        lang={english ? "zh-CN" : "en"}
        aria-label={t("top.otherLanguage")}
        onClick={() => change({ language: english ? "zh-CN" : "en" })}
      >
        {t("top.otherLanguageShort")}
      </Button>
      <Button type="text" onClick={() => void leave()}>
        {t("invite.guest.leave")}
      </Button>
    </header>
  );
}

/** Who invites, and how to be sure of it. */
function Trust({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section
      className={invitation.key === "other" ? "notice bad" : "notice"}
      aria-label={t("invite.guest.trust")}
    >
      <p>
        {t("invite.guest.digits")} <code className="check-number">{invitation.fingerprint}</code>
      </p>
      <p>{t(invitation.key === "other" ? "invite.guest.otherKey" : "invite.guest.compare")}</p>
      <p className="faint">{t("invite.guest.until", { day: format.moment(invitation.expires) })}</p>
      {invitation.expired && <TroubleCard problem={invitation.expired} />}
    </section>
  );
}
