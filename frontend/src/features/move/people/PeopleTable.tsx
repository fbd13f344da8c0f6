import { DeleteOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import {
  changeDraft,
  changePerson,
  type Draft,
  type Person,
  type SideName,
  useDraft,
} from "@/features/move/draft";
import { isBlank, oneForEach, rowGap } from "@/features/move/draftCheck";
import { archivePath, isArchive } from "@/features/move/draftInput";
import { GrantCell } from "@/features/move/ends/oauth/GrantCell";
import { PasswordField } from "@/features/move/ends/PasswordField";
import { RowTest } from "@/features/move/people/RowTest";

/** The people, one row each: sign-ins on both sides, and whether they work. */
export function PeopleTable() {
  const { t } = useTranslation();
  const draft = useDraft();
  const columns: Column<Person>[] = [
    {
      key: "no",
      title: t("move.people.no"),
      width: "26px",
      cell: (_, i) => <span className="faint tabular">{i + 1}</span>,
    },
    ...sideColumns(draft, "from", t),
    ...sideColumns(draft, "to", t),
    { key: "test", title: t("move.people.test"), width: "100px", cell: (p) => <RowTest person={p} /> },
    {
      key: "remove",
      title: <span className="visually-hidden">{t("move.people.remove")}</span>,
      width: "30px",
      cell: (p, i) => (
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t("move.people.removeRow", { row: i + 1 })}
          onClick={() => changeDraft((d) => ({ people: d.people.filter((x) => x.key !== p.key) }))}
        />
      ),
    },
  ];
  return (
    <VirtualTable
      label={t("move.people.table")}
      columns={columns}
      rows={draft.people}
      rowKey={(p) => p.key}
      rowHeight={50}
      maxRows={9}
      minWidth={700}
    />
  );
}

function sideColumns(draft: Draft, name: SideName, t: TFunction): Column<Person>[] {
  const side = draft[name];
  if (isArchive(side.kind)) {
    return [
      {
        key: `${name}-path`,
        title: t(`move.people.${name}Path`),
        width: "minmax(150px, 2fr)",
        cell: (p, i) => (
          <Input
            variant="filled"
            aria-label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}Path`) })}
            value={p[name].path}
            placeholder={archivePath(draft, name, p)}
            onChange={(e) => changePerson(p.key, name, { path: e.target.value })}
          />
        ),
      },
    ];
  }
  const user: Column<Person> = {
    key: `${name}-user`,
    title: t(`move.people.${name}User`),
    width: "minmax(130px, 2fr)",
    cell: (p, i) => (
      <Input
        variant="filled"
        aria-label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}User`) })}
        value={p[name].user}
        status={!isBlank(p) && rowGap(draft, name, p) === "twice" ? "error" : undefined}
        title={rowGap(draft, name, p) === "twice" ? t("move.people.twice") : p[name].ready?.host}
        autoComplete="off"
        spellCheck={false}
        onChange={(e) =>
          changePerson(p.key, name, { user: e.target.value, test: undefined, ready: undefined })
        }
      />
    ),
  };
  if (!oneForEach(side)) return [user];
  return [
    user,
    {
      key: `${name}-password`,
      title: t(side.auth === "oauth" ? "oauth.signInShort" : "move.people.password"),
      width: "minmax(84px, 0.8fr)",
      cell: (p, i) =>
        side.auth === "oauth" ? (
          <GrantCell name={name} person={p} />
        ) : (
          <PasswordField
            bare
            label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}Password`) })}
            value={p[name].password}
            onChange={(password) => changePerson(p.key, name, { password, test: undefined })}
          />
        ),
    },
  ];
}
