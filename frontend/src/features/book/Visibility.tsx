import { Checkbox, Input, Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { changePerson } from "@/components/office/change";
import { useDirectory } from "@/components/office/useDirectory";
import { useHits } from "@/components/office/useHits";
import { useAbility } from "@/components/office/useOffice";
import { type Column, VirtualTable } from "@/components/VirtualTable";

/** Who appears in the company's address book. */
export function Visibility({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const { propose } = useChanges();
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const hits = useHits(directory, text);
  const rows = useMemo(
    () => (directory?.people ?? []).filter((p) => p.status !== "deleted" && (!hits || hits.has(p.id))),
    [directory, hits],
  );
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  const chosen = rows.filter((p) => marked.has(p.id));
  const set = (on: boolean) =>
    propose(
      chosen
        .filter((p) => (p.hidden === "yes") !== on)
        .map((p) => changePerson(p, { kind: "person.hide", on })),
      () => setMarked(new Set()),
    );
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    setMarked(next);
  };
  const columns: Column<OfficePerson>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("staff.selectAll")}
          checked={rows.length > 0 && rows.every((p) => marked.has(p.id))}
          onChange={(e) => setMarked(e.target.checked ? new Set(rows.map((p) => p.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (p) => (
        <Checkbox
          aria-label={t("staff.select", { name: p.name || p.address })}
          checked={marked.has(p.id)}
          onChange={(e) => mark(p.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(110px, 1fr)",
      cell: (p) => <span className="clip">{p.name}</span>,
    },
    {
      key: "address",
      title: t("attr.address"),
      width: "minmax(170px, 1.6fr)",
      cell: (p) => <span className="clip">{p.address}</span>,
    },
    {
      key: "hidden",
      title: t("book.inBook"),
      width: "140px",
      cell: (p) =>
        p.hidden === "" ? t("value.unknown") : p.hidden === "yes" ? t("book.isHidden") : t("book.isShown"),
    },
  ];
  return (
    <>
      <div className="row wrap filter-bar">
        <Input
          allowClear
          className="grow staff-search"
          aria-label={t("staff.search")}
          placeholder={t("staff.search")}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <span className="grow" />
        <AbleButton
          ability={ability}
          needs="people.hide"
          disabled={!chosen.some((p) => p.hidden === "yes")}
          onClick={() => set(false)}
        >
          {t("lists.act.show")}
        </AbleButton>
        <AbleButton
          ability={ability}
          needs="people.hide"
          disabled={!chosen.some((p) => p.hidden !== "yes")}
          onClick={() => set(true)}
        >
          {t("lists.act.hide")}
        </AbleButton>
      </div>
      <p className="faint">{t("book.visibleHint")}</p>
      <VirtualTable
        label={t("lists.section.visible")}
        columns={columns}
        rows={rows}
        rowKey={(p) => p.id}
        maxRows={10}
        minWidth={520}
      />
    </>
  );
}
