import { FileProtectOutlined, FileTextOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { CertificateFormat, LanguageChoice, Move } from "@/api/types";
import { troubleText } from "@/components/trouble";

/** Saves the certificate of a move, to hand over or to calculate with. */
export function CertificateButtons({ move }: { move: Move }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();

  async function save(format: CertificateFormat) {
    try {
      const path = await client.moves.saveCertificate(move.id, format, i18n.language as LanguageChoice);
      if (path) void message.success(t("move.result.saved", { path }));
    } catch (e) {
      const text = troubleText(t, problemOf(e));
      void message.error(`${text.what} ${text.todo}`);
    }
  }
  return (
    <>
      <Button type="primary" icon={<FileProtectOutlined aria-hidden />} onClick={() => void save("html")}>
        {t("move.result.certificate")}
      </Button>
      <Button icon={<FileTextOutlined aria-hidden />} onClick={() => void save("csv")}>
        {t("move.result.csv")}
      </Button>
    </>
  );
}
