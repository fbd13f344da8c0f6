import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { troubleText } from "@/components/trouble";
import { useCodeText } from "@/lib/codeText";

interface Props {
  office: OfficeInfo;
  ability: Ability;
  /** Who is listed at the moment of asking. */
  listed: RefObject<readonly OfficePerson[]>;
  directory: Directory | undefined;
  onNew: () => void;
}

/** What can be done from the top of the page. */
export function PageActions({ office, ability, listed, directory, onNew }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const fail = (e: unknown) => void message.error(troubleText(t, problemOf(e)).what);

  function save(format: "csv" | "xlsx") {
    if (!directory) return;
    const attrs = [
      "name",
      "address",
      "departments",
      "title",
      "mobile",
      "phone",
      "staffNo",
      "gender",
      "aliases",
      "status",
      "remark",
    ];
    const cells = (p: OfficePerson) => [
      p.name,
      p.address,
      p.departments.map(directory.path).join(";"),
      p.title,
      p.mobile,
      p.phone,
      p.staffNo,
      p.gender && code("gender", p.gender),
      p.aliases.join(";"),
      code("personStatus", p.status),
      p.remark,
    ];
    client.staff
      .saveRows(
        {
          name: `${office.title} ${t("nav.people")}`,
          header: attrs.map((a) => code("attr", a)),
          rows: listed.current.map(cells),
        },
        format,
      )
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch(fail);
  }
  return (
    <>
      <AbleButton
        ability={ability}
        needs="people.create"
        type="primary"
        icon={<PlusOutlined aria-hidden />}
        onClick={onNew}
      >
        {t("staff.new")}
      </AbleButton>
      <AbleButton ability={ability} needs="people.create" onClick={() => go("/people/join")}>
        {t("joiner.open")}
      </AbleButton>
      <AbleButton
        ability={ability}
        needs="people.create"
        icon={<UploadOutlined aria-hidden />}
        onClick={() => go("/people/import")}
      >
        {t("staff.import")}
      </AbleButton>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "xlsx", label: `${t("staff.export")} · ${t("change.saveXLSX")}` },
            { key: "csv", label: `${t("staff.export")} · ${t("change.saveCSV")}` },
            { type: "divider" },
            { key: "history", label: t("staff.history") },
          ],
          onClick: ({ key }) =>
            key === "history" ? go("/people/history") : save(key === "csv" ? "csv" : "xlsx"),
        }}
      >
        <Button aria-haspopup="menu">{t("staff.more")}</Button>
      </Dropdown>
    </>
  );
}
