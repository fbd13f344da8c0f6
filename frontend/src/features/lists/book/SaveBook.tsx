import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { ContactFormat } from "@/api/lists";
import type { OfficeInfo } from "@/api/offices";
import { troubleText } from "@/components/trouble";

const formats: readonly ContactFormat[] = ["vcard3", "vcard4", "csv", "xlsx"];

/** Writes the contacts of a group, "" all, into a file that can be imported again. */
export function SaveBook({ office, group }: { office: OfficeInfo; group: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  function save(format: ContactFormat) {
    client.contacts
      .save(office.id, group, format)
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: formats.map((f) => ({ key: f, label: t(`book.format.${f}`) })),
        onClick: ({ key }) => save(key as ContactFormat),
      }}
    >
      <Button aria-haspopup="menu">{t(group ? "book.exportGroup" : "lists.export")}</Button>
    </Dropdown>
  );
}
