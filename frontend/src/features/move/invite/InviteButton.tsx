import { MailOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { InviteDialog } from "@/features/move/invite/InviteDialog";
import { invitable } from "@/features/move/invite/invitable";

/** Invites people to move themselves; where nobody can be invited there is no button. */
export function InviteButton({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!move.mailboxes.some(invitable)) return null;
  return (
    <>
      <Button icon={<MailOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("invite.button")}
      </Button>
      {open && <InviteDialog move={move} onClose={() => setOpen(false)} />}
    </>
  );
}
