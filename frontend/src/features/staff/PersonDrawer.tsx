import { useQuery } from "@tanstack/react-query";
import { App, Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { AddressLines } from "@/features/staff/AddressLines";
import { DeletePeople } from "@/features/staff/DeletePeople";
import { PasswordDialog } from "@/features/staff/PasswordDialog";
import { useStaffChanges } from "@/features/staff/useStaffChanges";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
  person: OfficePerson;
  onEdit: () => void;
  onClose: () => void;
}

/** Everything that is known of one person, and what can be done. */
export function PersonDrawer({ office, ability, directory, person, onEdit, onClose }: Props) {
  const { t } = useTranslation();
  const trouble = useOfficeTrouble();
  const client = useClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState<"" | "delete" | "password">("");
  const changes = useStaffChanges(directory, onClose);
  const { data: read } = useQuery({
    queryKey: keys.person(office.id, person.id),
    queryFn: () => client.directory.person(office.id, person.id),
  });
  const { data: unread } = useQuery({
    queryKey: keys.unread(office.id, person.id),
    queryFn: () => client.directory.unread(office.id, person.id),
    enabled: ability.can("people.unread"),
    retry: false,
  });
  const p = read?.person ?? person;
  const off = p.status === "suspended";
  const openMailbox = () =>
    void client.directory
      .openMailbox(office.id, p.id)
      .catch(
        (e: unknown) =>
          void message.error(`${t("staff.openMailboxFailed")}: ${oneSentence(trouble(problemOf(e)))}`),
      );
  return (
    <Drawer open size={620} title={t("staff.details", { name: p.name || p.address })} onClose={onClose}>
      <div className="stack">
        {read && !read.fresh && <p className="warn">{t("staff.notFresh")}</p>}
        <div className="row wrap">
          <AbleButton ability={ability} needs="people.edit" type="primary" onClick={onEdit}>
            {t("staff.edit")}
          </AbleButton>
          <AbleButton
            ability={ability}
            needs="people.signInLink"
            title={t("staff.openMailboxHint")}
            onClick={openMailbox}
          >
            {t("staff.openMailbox")}
          </AbleButton>
          <AbleButton ability={ability} needs="people.password" onClick={() => setOpen("password")}>
            {t("staff.setPassword")}
          </AbleButton>
          {p.status === "deleted" ? (
            <AbleButton ability={ability} needs="people.restore" onClick={() => changes.restore([p.id])}>
              {t("staff.restore")}
            </AbleButton>
          ) : (
            <>
              <AbleButton
                ability={ability}
                needs="people.suspend"
                onClick={() => changes.suspend([p.id], !off)}
              >
                {t(off ? "staff.resume" : "staff.suspend")}
              </AbleButton>
              <AbleButton ability={ability} needs="people.delete" danger onClick={() => setOpen("delete")}>
                {t("staff.delete")}
              </AbleButton>
            </>
          )}
        </div>
        {p.status !== "deleted" && <AddressLines ability={ability} person={p} />}
        <Facts person={p} directory={directory} unread={unread} />
      </div>
      {open === "delete" && (
        <DeletePeople
          ability={ability}
          directory={directory}
          people={[p]}
          onDelete={changes.remove}
          onClose={() => setOpen("")}
        />
      )}
      {open === "password" && (
        <PasswordDialog office={office} ability={ability} person={p} onClose={() => setOpen("")} />
      )}
    </Drawer>
  );
}

function Facts({
  person: p,
  directory,
  unread,
}: {
  person: OfficePerson;
  directory: Directory;
  unread?: number;
}) {
  const { t } = useTranslation();
  const code = useCodeText();
  const format = useFormat();
  const lists = directory.lists
    .filter((l) => l.members.some((m) => m === p.address || p.aliases.includes(m)))
    .map((l) => l.name || l.address);
  const tags = directory.tags
    .filter((tag) => tag.people.includes(p.address) || directory.tagged(tag.id).has(p.id))
    .map((tag) => tag.name);
  const room =
    p.used < 0
      ? p.quota > 0
        ? format.bytes(p.quota)
        : ""
      : p.quota > 0
        ? t("staff.usedOf", { used: format.bytes(p.used), quota: format.bytes(p.quota) })
        : `${t("staff.used")} ${format.bytes(p.used)}`;
  const ways = (allowed: string) =>
    p.signIn
      .filter((s) => s.allowed === allowed)
      .map((s) => code("way", s.way))
      .join(t("list.comma"));
  const rows: [string, ReactNode][] = [
    [code("attr", "address"), p.status === "deleted" && p.address],
    [code("attr", "status"), code("personStatus", p.status)],
    [code("attr", "departments"), p.departments.map(directory.path).filter(Boolean).join(t("list.comma"))],
    [t("staff.tags"), tags.join(t("list.comma"))],
    [code("attr", "title"), p.title],
    [code("attr", "mobile"), p.mobile],
    [code("attr", "phone"), p.phone],
    [code("attr", "staffNo"), p.staffNo],
    [code("attr", "gender"), p.gender && code("gender", p.gender)],
    [code("attr", "quota"), room],
    [
      code("attr", "forward"),
      p.forward && `${p.forward.to.join(t("list.comma"))}${p.forward.keep ? t("value.keepCopy") : ""}`,
    ],
    [code("attr", "mailRights"), p.mailRights && code("mailRights", p.mailRights)],
    [code("attr", "signIn"), ways("yes")],
    [t("staff.signInOff"), ways("no")],
    [code("attr", "hidden"), p.hidden && code("value", p.hidden)],
    [t("staff.onLists"), lists.join(t("list.comma"))],
    [t("staff.unread"), unread === undefined ? "" : format.number(unread)],
    [t("staff.created"), p.created ? format.moment(p.created) : ""],
    [t("staff.lastSignIn"), p.lastSignIn ? format.moment(p.lastSignIn) : ""],
    [code("attr", "expires"), p.expires ? format.day(p.expires) : ""],
    [code("attr", "remark"), p.remark],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className="facts-row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
