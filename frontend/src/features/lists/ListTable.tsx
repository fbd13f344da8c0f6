import { BookOutlined } from "@ant-design/icons";
import { Checkbox } from "antd";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeList } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useCodeText } from "@/lib/codeText";

interface Props {
  rows: OfficeList[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  /** What is searched for; "" nothing. */
  question: string;
  /** The provider did not let them be read. */
  unread: boolean;
}

/** The office's mailing lists; only the rows in sight exist. */
export const ListTable = memo(function ListTable(props: Props) {
  const { rows, marked, onMark, onOpen, question, unread } = props;
  const { t } = useTranslation();
  const code = useCodeText();
  if (rows.length === 0) {
    const [title, text] =
      question !== ""
        ? [t("lists.none"), t("lists.noneHint")]
        : unread
          ? [t("lists.unreadTitle"), t("lists.unreadText")]
          : [t("lists.emptyTitle"), t("lists.emptyText")];
    return (
      <EmptyState icon={<BookOutlined aria-hidden />} title={title}>
        <p>{text}</p>
      </EmptyState>
    );
  }
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    onMark(next);
  };
  const all = rows.every((l) => marked.has(l.id));
  const text = (value: string) => (
    <span className="clip" title={value}>
      {value}
    </span>
  );
  const columns: Column<OfficeList>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("lists.selectAll")}
          checked={all}
          indeterminate={!all && marked.size > 0}
          onChange={(e) => onMark(e.target.checked ? new Set(rows.map((l) => l.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (l) => (
        <Checkbox
          aria-label={t("staff.select", { name: l.name || l.address })}
          checked={marked.has(l.id)}
          onChange={(e) => mark(l.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("lists.name"),
      width: "minmax(120px, 1.4fr)",
      cell: (l) => (
        <button type="button" className="link clip" title={l.name} onClick={() => onOpen(l.id)}>
          {l.name || l.address}
        </button>
      ),
    },
    { key: "address", title: t("attr.address"), width: "minmax(140px, 1.5fr)", cell: (l) => text(l.address) },
    {
      key: "members",
      title: t("attr.members"),
      width: "minmax(120px, 1.2fr)",
      cell: (l) => text(membersOf(l)),
    },
    {
      key: "policy",
      title: t("attr.policy"),
      width: "minmax(110px, 1.1fr)",
      cell: (l) =>
        text(l.policy !== "" ? code("policy", l.policy) : t(l.partial ? "lists.openToSee" : "value.unknown")),
    },
    {
      key: "state",
      title: t("attr.status"),
      width: "96px",
      cell: (l) => (
        <span className="clip faint">
          {[l.off === "yes" && t("lists.isOff"), l.hidden === "yes" && t("lists.isHidden")]
            .filter(Boolean)
            .join(t("list.comma"))}
        </span>
      ),
    },
  ];
  function membersOf(l: OfficeList): string {
    if (l.partial && l.members.length === 0) return t("lists.openToSee");
    const parts = [t("lists.people", { count: l.members.length })];
    if (l.departments.length > 0) parts.push(t("lists.departmentCount", { count: l.departments.length }));
    if (l.lists.length > 0) parts.push(t("lists.listCount", { count: l.lists.length }));
    return parts.join(t("list.comma"));
  }
  return (
    <VirtualTable
      fill
      question={question}
      label={t("lists.table")}
      columns={columns}
      rows={rows}
      rowKey={(l) => l.id}
      minWidth={690}
    />
  );
});
