import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { VaultGate } from "@/components/vault/VaultGate";
import { OpenInvitation } from "@/features/move/invite/OpenInvitation";

/** The way in for a person who was invited, and for results that came back. */
export function Invited() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <VaultGate>
      <p>
        <Button type="link" className="cell-link" onClick={() => setOpen(true)}>
          {t("invite.open.link")}
        </Button>
      </p>
      {open && <OpenInvitation onClose={() => setOpen(false)} />}
    </VaultGate>
  );
}
