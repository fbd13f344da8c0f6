import { DeleteOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import type { TFunction } from "i18next";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PasswordField } from "@/components/PasswordField";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import {
  canInvite,
  changeDraft,
  changePerson,
  type Draft,
  isSelf,
  type Person,
  type SideName,
  useDraft,
} from "@/features/move/draft";
import { oneForEach } from "@/features/move/draftCheck";
import { archivePath, isArchive } from "@/features/move/draftInput";
import { GrantCell } from "@/features/move/ends/oauth/GrantCell";
import { cellName, onCellKey } from "@/features/move/people/cellKeys";
import type { Found } from "@/features/move/people/findings";
import { RowTest } from "@/features/move/people/RowTest";
import { setSelf } from "@/features/move/people/self";
import { findingText } from "@/features/move/people/words";

export const rowHeight = 50;

interface Props {
  rows: readonly Person[];
  found: Map<string, Found[]>;
}

/** The people, one row each: sign-ins on both sides, what is odd, and whether they work. */
export function PeopleTable({ rows, found }: Props) {
  const { t } = useTranslation();
  const draft = useDraft();
  const cells = new CellMaker(t, rows, found);
  const columns: Column<Person>[] = [
    {
      key: "no",
      title: t("move.people.no"),
      width: "26px",
      cell: (_, i) => <span className="faint tabular">{i + 1}</span>,
    },
    ...sideColumns(draft, "from", t, cells),
    ...sideColumns(draft, "to", t, cells),
    ...(canInvite(draft) ? [selfColumn(t)] : []),
    { key: "test", title: t("move.people.test"), width: "76px", cell: (p) => <RowTest person={p} /> },
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
    <div className="people-table">
      <VirtualTable
        label={t("move.people.table")}
        columns={columns}
        rows={rows}
        rowKey={(p) => p.key}
        rowHeight={rowHeight}
        maxRows={9}
        minWidth={690}
      />
    </div>
  );
}

/** What all cells of the table share: keys, marks and their words. */
class CellMaker {
  constructor(
    private readonly t: TFunction,
    private readonly rows: readonly Person[],
    private readonly found: Map<string, Found[]>,
  ) {}

  finding(p: Person, column: string): Found | undefined {
    return this.found.get(p.key)?.find((f) => f.column === column);
  }

  status(p: Person, column: string): "error" | "warning" | undefined {
    const f = this.finding(p, column);
    if (!f || f.code === "empty") return undefined; // a gap is no mistake before the step is left
    return f.weight === "look" ? "warning" : "error";
  }

  title(p: Person, column: string): string | undefined {
    const f = this.finding(p, column);
    return f ? findingText(this.t, f) : undefined;
  }

  wrap(index: number, column: string, field: ReactNode): ReactNode {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field within
      <div
        data-cell={cellName(index, column)}
        onKeyDown={(e: KeyboardEvent) =>
          onCellKey(e, index, column, index === this.rows.length - 1, rowHeight)
        }
      >
        {field}
      </div>
    );
  }
}

function sideColumns(draft: Draft, name: SideName, t: TFunction, cells: CellMaker): Column<Person>[] {
  const side = draft[name];
  if (isArchive(side.kind)) return [pathColumn(draft, name, t, cells)];
  const column = `${name}_user`;
  const user: Column<Person> = {
    key: column,
    title: t(`move.people.${name}User`),
    width: "minmax(150px, 2fr)",
    cell: (p, i) =>
      cells.wrap(
        i,
        column,
        <Input
          variant="filled"
          aria-label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}User`) })}
          value={p[name].user}
          status={cells.status(p, column)}
          title={cells.title(p, column) ?? p[name].ready?.host}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) =>
            changePerson(p.key, name, { user: e.target.value, test: undefined, ready: undefined })
          }
        />,
      ),
  };
  if (!oneForEach(side)) return [user];
  const secret = `${name}_password`;
  return [
    user,
    {
      key: secret,
      title: t(side.auth === "oauth" ? "oauth.signInShort" : "move.people.password"),
      width: side.auth === "oauth" ? "minmax(84px, 0.6fr)" : "minmax(58px, 0.3fr)",
      cell: (p, i) =>
        isSelf(draft, p) ? (
          <span className="faint clip">{t("invite.draft.cell")}</span>
        ) : side.auth === "oauth" ? (
          <GrantCell name={name} person={p} />
        ) : (
          cells.wrap(
            i,
            secret,
            <PasswordField
              bare
              label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}Password`) })}
              value={p[name].password}
              onChange={(password) => changePerson(p.key, name, { password, test: undefined })}
            />,
          )
        ),
    },
  ];
}

/** Who enters the passwords: the office, or the person. */
function selfColumn(t: TFunction): Column<Person> {
  return {
    key: "self",
    title: t("invite.draft.column"),
    width: "44px",
    cell: (p, i) => (
      <Checkbox
        checked={p.self === true}
        aria-label={t("invite.draft.rowChoice", { row: i + 1 })}
        title={t("invite.draft.choice")}
        onChange={(e) => setSelf([p.key], e.target.checked)}
      />
    ),
  };
}

function pathColumn(draft: Draft, name: SideName, t: TFunction, cells: CellMaker): Column<Person> {
  return {
    key: `${name}-path`,
    title: t(`move.people.${name}Path`),
    width: "minmax(150px, 2fr)",
    cell: (p, i) =>
      cells.wrap(
        i,
        `${name}_path`,
        <Input
          variant="filled"
          aria-label={t("move.people.cell", { row: i + 1, column: t(`move.people.${name}Path`) })}
          value={p[name].path}
          placeholder={archivePath(draft, name, p)}
          onChange={(e) => changePerson(p.key, name, { path: e.target.value })}
        />,
      ),
  };
}
