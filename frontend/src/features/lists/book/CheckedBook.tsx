import { Button, Radio, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { ContactFile, ContactFileRow, ContactSource } from "@/api/lists";
import type { OfficeContactGroup } from "@/api/offices";
import { CheckedFile } from "@/components/file/CheckedFile";
import { FileRows } from "@/components/file/FileRows";
import { SheetField } from "@/components/file/SheetField";
import type { Column } from "@/components/VirtualTable";
import { FileProblems } from "@/features/lists/FileProblems";
import { useCodeText } from "@/lib/codeText";

interface Props {
  name: string;
  found: ContactFile;
  source: ContactSource;
  groups: readonly OfficeContactGroup[];
  busy: boolean;
  onSheet: (sheet: string) => void;
  onExisting: (existing: ContactSource["existing"]) => void;
  onGroup: (group: string) => void;
  onReread: () => void;
  onAgain: () => void;
  onNext: () => void;
}

/** What a file of contacts comes to, before anything is changed. */
export function CheckedBook(props: Props) {
  const { name, found: r, source, groups, busy } = props;
  const { t } = useTranslation();
  const id = useId();
  const will = r.new + r.changed;
  const known = r.changed + r.left;
  return (
    <>
      <CheckedFile name={name} busy={busy} onReread={props.onReread} onAgain={props.onAgain}>
        <ul className="sums">
          <li className={r.new > 0 ? "good" : undefined}>{t("book.import.new", { count: r.new })}</li>
          {r.changed > 0 && <li className="good">{t("book.import.changed", { count: r.changed })}</li>}
          {r.left > 0 && <li>{t("book.import.left", { count: r.left })}</li>}
          {r.same > 0 && <li>{t("book.import.same", { count: r.same })}</li>}
          {r.stopped > 0 && <li className="bad">{t("book.import.stopped", { count: r.stopped })}</li>}
          {r.groups.length > 0 && (
            <li>{t("book.import.groups", { names: r.groups.join(t("list.comma")) })}</li>
          )}
          {r.problems.length === 0 && <li className="good">{t("intake.clean")}</li>}
        </ul>
        {known > 0 && (
          <Radio.Group
            aria-label={t("book.import.existing")}
            value={source.existing}
            onChange={(e) => props.onExisting(e.target.value as ContactSource["existing"])}
          >
            <Radio value="leave">{t("book.import.leave")}</Radio>
            <Radio value="update">{t("book.import.update")}</Radio>
          </Radio.Group>
        )}
        <div className="row wrap">
          <SheetField sheets={r.sheets} sheet={r.sheet} onSheet={props.onSheet} />
          {groups.length > 0 && (
            <div className="field">
              <label htmlFor={`${id}-g`}>{t("book.import.into")}</label>
              <Select
                id={`${id}-g`}
                value={source.group}
                popupMatchSelectWidth={false}
                onChange={props.onGroup}
                options={[
                  { value: "", label: t("book.import.asInFile") },
                  ...groups.map((g) => ({ value: g.id, label: g.name })),
                ]}
              />
            </div>
          )}
        </div>
        <div className="row wrap">
          <Button type="primary" disabled={will === 0 || busy} onClick={props.onNext}>
            {t("intake.next")}
          </Button>
          <Link href="/lists/book">{t("book.import.back")}</Link>
          <small className="faint">{t("book.import.stays")}</small>
        </div>
        {r.ignored.length > 0 && (
          <small className="faint">
            {t("book.import.ignored", { names: r.ignored.join(t("list.comma")) })}
          </small>
        )}
      </CheckedFile>
      {r.problems.length > 0 && <FileProblems name={name} problems={r.problems} cards={r.kind === "vcard"} />}
      {r.rows.length > 0 && <Rows rows={r.rows} cards={r.kind === "vcard"} />}
    </>
  );
}

function Rows({ rows, cards }: { rows: ContactFileRow[]; cards: boolean }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const what = (r: ContactFileRow) => {
    const said = code("book.import.what", r.what);
    const set = r.set.map((a) => code("attr", a)).join(t("list.comma"));
    return r.what === "new" || set === "" ? said : `${said} · ${set}`;
  };
  const columns: Column<ContactFileRow>[] = [
    {
      key: "row",
      title: cards ? t("book.import.card") : t("intake.rowColumn"),
      width: "64px",
      cell: (r) => <span className="tabular">{r.row}</span>,
    },
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(110px, 1fr)",
      cell: (r) => <span className="clip">{r.name}</span>,
    },
    {
      key: "address",
      title: t("attr.addresses"),
      width: "minmax(160px, 1.4fr)",
      cell: (r) => <span className="clip">{r.address}</span>,
    },
    {
      key: "what",
      title: t("change.what"),
      width: "minmax(180px, 1.6fr)",
      cell: (r) => (
        <span className="clip" title={what(r)}>
          {what(r)}
        </span>
      ),
    },
  ];
  return <FileRows columns={columns} rows={rows} />;
}
