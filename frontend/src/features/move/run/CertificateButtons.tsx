import { FileProtectOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { CardsButton } from "@/features/move/cards/CardsButton";
import { SaveCertificate } from "@/features/move/papers/SaveCertificate";

/** Saves the certificate of a move, to hand over or to calculate with. */
export function CertificateButtons({ move }: { move: Move }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" icon={<FileProtectOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("move.result.certificate")}
      </Button>
      <CardsButton move={move} />
      {open && <SaveCertificate move={move} onClose={() => setOpen(false)} />}
    </>
  );
}
