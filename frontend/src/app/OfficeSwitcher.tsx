import { DownOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

/** Which office the pages are about. Only the practice office exists so far. */
export function OfficeSwitcher() {
  const { t } = useTranslation();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: ["practice"],
        items: [
          { key: "practice", label: t("office.practice") },
          { type: "divider" },
          { key: "more", disabled: true, label: t("office.more") },
        ],
      }}
    >
      <Button type="text" className="office" aria-haspopup="menu" aria-label={t("office.label")}>
        <span className="office-dot" aria-hidden />
        {t("office.practice")}
        <DownOutlined aria-hidden className="office-arrow" />
      </Button>
    </Dropdown>
  );
}
