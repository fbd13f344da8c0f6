import { ContactsOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { change } from "@/components/office/change";
import { type Directory, useDirectory } from "@/components/office/useDirectory";
import { type Ability, useAbility, useMakerName } from "@/components/office/useOffice";
import { SearchField } from "@/components/SearchField";
import {
  inGroup,
  inOrder,
  moved,
  movedTo,
  noGroup,
  orderContacts,
  orderGroups,
  regroup,
} from "@/features/lists/book/book";
import { ContactForm } from "@/features/lists/book/ContactForm";
import { ContactTable } from "@/features/lists/book/ContactTable";
import { GroupPanel } from "@/features/lists/book/GroupPanel";
import { SaveBook } from "@/features/lists/book/SaveBook";
import { useCodeText } from "@/lib/codeText";

/** The shared contacts of an office, by group. */
export function BookPage({ office }: { office: OfficeInfo }) {
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("contacts.read")) return <p className="warn">{ability.why("contacts.read")}</p>;
  return (
    <>
      {ability.support("contacts.read")?.local && <LocalNote office={office} ability={ability} />}
      <Contacts office={office} ability={ability} directory={directory} />
    </>
  );
}

/** Says that the book is kept on this computer, and why. */
function LocalNote({ office, ability }: { office: OfficeInfo; ability: Ability }) {
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const provider = useMakerName()(office.provider);
  const support = ability.support("contacts.read");
  return (
    <section className="book-note" aria-label={t("book.local.title")}>
      <p className="grow">
        <strong>{t("book.local.title")}</strong> {code("book.local", support?.why ?? "", { provider })}{" "}
        {t("book.local.text")}
      </p>
      {support?.console && (
        <button
          type="button"
          className="link"
          onClick={() => void client.app.openLink(support.console).catch(() => undefined)}
        >
          {t("offices.toConsole")}
        </button>
      )}
    </section>
  );
}

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
}

/** An order that was not sent yet: of the groups, or of the contacts in view. */
interface Draft {
  of: "groups" | "contacts";
  ids: string[];
}

function Contacts({ office, ability, directory }: Props) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { propose } = useChanges();
  const [group, setGroup] = useState("");
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const drafted = <T extends { id: string }>(of: Draft["of"], all: T[]) =>
    draft?.of === of ? [...all].sort((a, b) => draft.ids.indexOf(a.id) - draft.ids.indexOf(b.id)) : all;
  const groups = drafted("groups", inOrder(directory.groups));
  const seen = group === noGroup || groups.some((g) => g.id === group) ? group : "";
  const rows = drafted("contacts", inGroup(directory.contacts, seen, text));
  const groupName = (id: string) => directory.groups.find((g) => g.id === id)?.name ?? "";
  const chosen = rows.filter((c) => marked.has(c.id));
  const done = () => setMarked(new Set());
  const ids = (of: Draft["of"]) => (of === "groups" ? groups : rows).map((one) => one.id);
  const order = (of: Draft["of"]) => (id: string, by: number) =>
    setDraft({ of, ids: moved(ids(of), id, by) });
  const place = (of: Draft["of"]) => (id: string, where: string) =>
    setDraft({ of, ids: movedTo(ids(of), id, where) });
  const choose = (id: string) => {
    setGroup(id);
    setDraft(null);
    done();
  };
  function send(contacts: typeof rows, to: string) {
    const changes = regroup(contacts, seen, to);
    if (changes.length > 0) propose(changes, done);
  }
  const contact = directory.contacts.find((c) => c.id === open);
  const form = open !== null && (
    <ContactForm
      ability={ability}
      directory={directory}
      contact={contact}
      group={seen === noGroup ? "" : seen}
      onClose={() => setOpen(null)}
    />
  );
  const add = (
    <AbleButton
      ability={ability}
      needs="contacts.edit"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setOpen("")}
    >
      {t("book.new")}
    </AbleButton>
  );
  const bring = (
    <AbleButton
      ability={ability}
      needs="contacts.edit"
      type={directory.contacts.length === 0 ? "primary" : "default"}
      onClick={() => go("/lists/book/import")}
    >
      {t("lists.import")}
    </AbleButton>
  );
  if (directory.contacts.length === 0 && directory.groups.length === 0) {
    return (
      <EmptyState icon={<ContactsOutlined aria-hidden />} title={t("book.emptyTitle")}>
        <p>{t("book.emptyText")}</p>
        <div className="row wrap center">
          {bring}
          {add}
        </div>
        {form}
      </EmptyState>
    );
  }
  return (
    <div className="book-split">
      <GroupPanel
        ability={ability}
        directory={directory}
        groups={groups}
        chosen={seen}
        onChoose={choose}
        onOrder={order("groups")}
        onPlace={place("groups")}
        onContacts={(ids, to) =>
          send(
            directory.contacts.filter((c) => ids.includes(c.id)),
            to,
          )
        }
      />
      <div className="staff-main">
        <div className="row wrap filter-bar apart">
          <SearchField
            label={t("book.search")}
            value={text}
            onChange={(typed) => {
              setText(typed);
              setDraft(null);
            }}
          />
          {add}
          {bring}
          <SaveBook office={office} group={seen === noGroup ? "" : seen} />
        </div>
        {draft && (
          <div className="bulk-bar" role="group" aria-label={t("book.ordered")}>
            <strong className="grow">{t("book.ordered")}</strong>
            <Button
              size="small"
              type="primary"
              onClick={() =>
                propose(
                  draft.of === "groups"
                    ? orderGroups(directory.groups, draft.ids)
                    : orderContacts(directory.contacts, draft.ids),
                  () => setDraft(null),
                )
              }
            >
              {t("book.saveOrder")}
            </Button>
            <Button size="small" onClick={() => setDraft(null)}>
              {t("book.dropOrder")}
            </Button>
          </div>
        )}
        {chosen.length > 0 && ability.can("contacts.edit") && (
          <div className="bulk-bar" role="group" aria-label={t("staff.bulk")}>
            <strong>{t("lists.selected", { count: chosen.length })}</strong>
            <Select
              size="small"
              className="grow"
              aria-label={seen ? t("book.moveTo") : t("book.addTo")}
              placeholder={seen ? t("book.moveTo") : t("book.addTo")}
              value={undefined}
              onChange={(to: string) => send(chosen, to)}
              options={[
                ...groups.filter((g) => g.id !== seen).map((g) => ({ value: g.id, label: g.name })),
                ...(seen === noGroup
                  ? []
                  : [{ value: noGroup, label: seen ? t("book.takeOut") : t("book.none") }]),
              ]}
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
        {rows.length === 0 ? (
          <EmptyState
            icon={<ContactsOutlined aria-hidden />}
            title={text ? t("book.nobody") : t("book.groupEmpty")}
          >
            <p>{text ? t("lists.noneHint") : t("book.groupEmptyHint")}</p>
          </EmptyState>
        ) : (
          <ContactTable
            rows={rows}
            marked={marked}
            onMark={setMarked}
            onOpen={setOpen}
            groupName={groupName}
            editable={ability.can("contacts.edit")}
            onOrder={text === "" ? order("contacts") : undefined}
            onPlace={text === "" ? place("contacts") : undefined}
          />
        )}
      </div>
      {form}
    </div>
  );
}
