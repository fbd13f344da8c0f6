import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { troubleText } from "@/components/trouble";

/** Writes all lists into a file that can be imported again. */
export function SaveLists({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  function save(format: "csv" | "xlsx") {
    client.lists
      .save(crypto.randomUUID(), office.id, format)
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "xlsx", label: t("change.saveXLSX") },
          { key: "csv", label: t("change.saveCSV") },
        ],
        onClick: ({ key }) => save(key === "csv" ? "csv" : "xlsx"),
      }}
    >
      <Button aria-haspopup="menu">{t("lists.export")}</Button>
    </Dropdown>
  );
}
