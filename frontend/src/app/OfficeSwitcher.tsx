import { DownOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { officeTitle } from "@/components/office/officeTitle";
import { useOffices } from "@/components/office/useOffice";

/** Which office the pages are about, and the way to another one. */
export function OfficeSwitcher() {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const { data: offices = [] } = useOffices();
  const current = offices.find((o) => o.current) ?? offices[0];
  const name = (o: (typeof offices)[number]) => officeTitle(t, o);
  const hasPractice = offices.some((o) => o.provider === "practice");
  const choose = (change: Promise<unknown>) =>
    void change.catch(() => void message.error(t("office.chooseFailed")));

  const items: MenuProps["items"] = [
    ...offices.map((o) => ({
      key: o.id,
      label: o.readOnly ? `${name(o)} · ${t("office.readOnlyTag")}` : name(o),
    })),
    ...(offices.length > 0 ? [{ type: "divider" as const }] : []),
    ...(hasPractice ? [] : [{ key: "+practice", label: t("office.tryPractice") }]),
    { key: "+connect", label: t("office.connect") },
    ...(offices.length > 0 ? [{ key: "+manage", label: t("office.manage") }] : []),
  ];
  function onClick(key: string) {
    if (key === "+connect") go("/offices/new");
    else if (key === "+manage") go("/offices");
    else if (key === "+practice") choose(client.offices.connectPractice());
    else choose(client.offices.setCurrent(key));
  }
  const shown = current ? name(current) : t("office.none");
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: current ? [current.id] : [],
        items,
        onClick: ({ key }) => onClick(key),
      }}
    >
      <Button
        type="text"
        className="office"
        aria-haspopup="menu"
        aria-label={t("office.label", {
          name: current?.readOnly ? `${shown} ${t("office.readOnlyTag")}` : shown,
        })}
      >
        <span className={current ? "office-dot" : "office-dot off"} aria-hidden />
        <span className="office-name">{shown}</span>{" "}
        {current?.readOnly && <small className="faint">{t("office.readOnlyTag")}</small>}
        <DownOutlined aria-hidden className="office-arrow" />
      </Button>
    </Dropdown>
  );
}
