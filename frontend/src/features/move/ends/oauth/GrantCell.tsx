import { CheckCircleFilled, LoginOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person, SideName } from "@/features/move/draft";
import { hasPassword } from "@/features/move/draftCheck";
import { PersonSignIn } from "@/features/move/ends/oauth/PersonSignIn";

/** A row's sign-in with the browser: a button, or who has signed in. */
export function GrantCell({ name, person }: { name: SideName; person: Person }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const own = person[name];
  const signed = hasPassword(own.password);
  const user = own.user.trim();
  return (
    <Popover
      trigger="click"
      placement="left"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <div className="popover-troubles">
          <PersonSignIn name={name} person={person} />
        </div>
      }
    >
      <Button
        size="small"
        type={signed ? "text" : "default"}
        className={signed ? "good" : undefined}
        disabled={!user}
        title={user ? own.account : t("oauth.rowNeeds")}
        aria-label={signed ? t("oauth.as", { account: own.account || user }) : t("oauth.rowSignIn", { user })}
        icon={signed ? <CheckCircleFilled aria-hidden /> : <LoginOutlined aria-hidden />}
      >
        {t(signed ? "oauth.again" : "oauth.signInShort")}
      </Button>
    </Popover>
  );
}
