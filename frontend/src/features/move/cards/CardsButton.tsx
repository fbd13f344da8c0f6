import { IdcardOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { CardsDialog } from "@/features/move/cards/CardsDialog";

/** Opens the dialog that makes the cards for the new mailboxes of a move. */
export function CardsButton({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<IdcardOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("cards.make")}
      </Button>
      {open && <CardsDialog move={move} onClose={() => setOpen(false)} />}
    </>
  );
}
