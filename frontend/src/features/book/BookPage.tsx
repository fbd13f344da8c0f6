import { ContactsOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button, Checkbox, Input, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeContact, OfficeInfo } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { change } from "@/components/office/change";
import { type Directory, useDirectory } from "@/components/office/useDirectory";
import { type Ability, useAbility } from "@/components/office/useOffice";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { ContactForm } from "@/features/book/ContactForm";

/** The shared contacts of an office, by group. */
export function BookPage({ office }: { office: OfficeInfo }) {
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("contacts.read")) return <p className="warn">{ability.why("contacts.read")}</p>;
  return <Contacts office={office} ability={ability} directory={directory} />;
}

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
}

function Contacts({ office, ability, directory }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const { propose } = useChanges();
  const [group, setGroup] = useState("");
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string | null>(null);
  const typed = text.trim().toLowerCase();
  const groupName = (id: string) => directory.groups.find((g) => g.id === id)?.name ?? "";
  const rows = directory.contacts.filter(
    (c) =>
      (group === "" || c.groups.includes(group)) &&
      (typed === "" ||
        [c.name, c.company, c.mobile, ...c.addresses].join("\n").toLowerCase().includes(typed)),
  );
  const chosen = rows.filter((c) => marked.has(c.id));
  const done = () => setMarked(new Set());
  const moveTo = (to: string) =>
    propose(
      chosen.map((c) =>
        change({ kind: "contact.save", target: c.id, label: c.name, contact: { ...c, groups: [to] } }),
      ),
      done,
    );
  function save() {
    const header = ["name", "addresses", "mobile", "phone", "company", "title", "groups", "remark"] as const;
    client.staff
      .saveRows(
        {
          name: `${office.title} ${t("lists.section.book")}`,
          header: header.map((a) => t(`attr.${a}`)),
          rows: rows.map((c) => [
            c.name,
            c.addresses.join(";"),
            c.mobile,
            c.phone,
            c.company,
            c.title,
            c.groups.map(groupName).join(";"),
            c.remark,
          ]),
        },
        "csv",
      )
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  const contact = directory.contacts.find((c) => c.id === open);
  return (
    <>
      <div className="row wrap filter-bar">
        <Input
          allowClear
          className="grow staff-search"
          aria-label={t("book.search")}
          placeholder={t("book.search")}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <Select
          aria-label={t("attr.groups")}
          value={group}
          onChange={setGroup}
          popupMatchSelectWidth={false}
          options={[
            { value: "", label: t("book.allGroups") },
            ...directory.groups.map((g) => ({ value: g.id, label: g.name })),
          ]}
        />
        <span className="grow" />
        <AbleButton
          ability={ability}
          needs="contacts.edit"
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => setOpen("")}
        >
          {t("book.new")}
        </AbleButton>
        <Button onClick={save}>{t("lists.export")}</Button>
      </div>
      {chosen.length > 0 && ability.can("contacts.edit") && (
        <div className="bulk-bar" role="group" aria-label={t("staff.bulk")}>
          <strong>{t("staff.selected", { count: chosen.length })}</strong>
          <Select
            size="small"
            className="grow"
            aria-label={t("book.moveTo")}
            placeholder={t("book.moveTo")}
            value={undefined}
            onChange={moveTo}
            options={directory.groups.map((g) => ({ value: g.id, label: g.name }))}
          />
          <Button
            size="small"
            danger
            onClick={() =>
              propose(
                chosen.map((c) => change({ kind: "contact.delete", target: c.id, label: c.name })),
                done,
              )
            }
          >
            {t("staff.delete")}
          </Button>
        </div>
      )}
      <Table rows={rows} marked={marked} onMark={setMarked} onOpen={setOpen} groupName={groupName} />
      {open !== null && (
        <ContactForm
          ability={ability}
          directory={directory}
          contact={contact}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface TableProps {
  rows: OfficeContact[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  groupName: (id: string) => string;
}

function Table({ rows, marked, onMark, onOpen, groupName }: TableProps) {
  const { t } = useTranslation();
  if (rows.length === 0) {
    return (
      <EmptyState icon={<ContactsOutlined aria-hidden />} title={t("book.emptyTitle")}>
        <p>{t("book.emptyText")}</p>
      </EmptyState>
    );
  }
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    onMark(next);
  };
  const text = (key: string, title: string, width: string, of: (c: OfficeContact) => string) => ({
    key,
    title,
    width,
    cell: (c: OfficeContact) => (
      <span className="clip" title={of(c)}>
        {of(c)}
      </span>
    ),
  });
  const columns: Column<OfficeContact>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("staff.selectAll")}
          checked={rows.every((c) => marked.has(c.id))}
          onChange={(e) => onMark(e.target.checked ? new Set(rows.map((c) => c.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (c) => (
        <Checkbox
          aria-label={t("staff.select", { name: c.name })}
          checked={marked.has(c.id)}
          onChange={(e) => mark(c.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(100px, 1.2fr)",
      cell: (c) => (
        <button type="button" className="link clip" onClick={() => onOpen(c.id)}>
          {c.name}
        </button>
      ),
    },
    text("address", t("attr.addresses"), "minmax(150px, 1.6fr)", (c) => c.addresses.join(t("list.comma"))),
    text("company", t("attr.company"), "minmax(100px, 1.2fr)", (c) => c.company),
    text("mobile", t("attr.mobile"), "120px", (c) => c.mobile || c.phone),
    text("groups", t("attr.groups"), "minmax(90px, 1fr)", (c) =>
      c.groups.map(groupName).join(t("list.comma")),
    ),
  ];
  return (
    <VirtualTable
      label={t("book.table")}
      columns={columns}
      rows={rows}
      rowKey={(c) => c.id}
      maxRows={10}
      minWidth={640}
    />
  );
}
