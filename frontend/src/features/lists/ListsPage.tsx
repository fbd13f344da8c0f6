import { PlusOutlined, SearchOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Input, Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { DirectoryLine } from "@/components/office/DirectoryLine";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility } from "@/components/office/useOffice";
import { TroubleCard } from "@/components/TroubleCard";
import { deleting, settingAll } from "@/features/lists/form";
import { ListDrawer } from "@/features/lists/ListForm";
import { ListTable } from "@/features/lists/ListTable";
import { SaveLists } from "@/features/lists/SaveLists";
import { UntoldList } from "@/features/lists/UntoldList";

const nothing = new Set<string>();

interface Props {
  office: OfficeInfo;
  /** The first part of the address of a list that is to be made. */
  fresh?: string;
}

/** The mailing lists of an office. */
export function MailingLists({ office, fresh }: Props) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const ability = useAbility(office);
  const { directory, error } = useDirectory(office.id);
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(nothing);
  const [open, setOpen] = useState<string | null>(fresh ? "" : null);
  const typed = text.trim().toLowerCase();
  const rows = useMemo(
    () =>
      (directory?.lists ?? []).filter(
        (l) =>
          typed === "" ||
          `${l.name}\n${l.address}\n${l.remark}\n${l.members.join("\n")}`.toLowerCase().includes(typed),
      ),
    [directory, typed],
  );
  const list = directory?.lists.find((l) => l.id === open);
  if (error) return <TroubleCard problem={problemOf(error)} />;
  if (!directory) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (ability.caps && !ability.can("lists.read"))
    return (
      <>
        <p className="warn">{ability.why("lists.read")}</p>
        {ability.can("lists.overwrite") && <UntoldList office={office} />}
      </>
    );
  return (
    <>
      <div className="row wrap filter-bar">
        <Input
          allowClear
          className="grow staff-search"
          prefix={<SearchOutlined aria-hidden />}
          aria-label={t("lists.search")}
          placeholder={t("lists.search")}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <span className="faint tabular" role="status">
          {t("lists.count", { count: rows.length })}
        </span>
        <AbleButton
          ability={ability}
          needs="lists.edit"
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => setOpen("")}
        >
          {t("lists.new")}
        </AbleButton>
        <AbleButton
          ability={ability}
          needs="lists.edit"
          icon={<UploadOutlined aria-hidden />}
          onClick={() => go("/lists/import")}
        >
          {t("lists.import")}
        </AbleButton>
        <SaveLists office={office} />
      </div>
      <p className="faint">
        <DirectoryLine office={office} directory={directory} />
      </p>
      {marked.size > 0 && (
        <Bulk
          ability={ability}
          lists={directory.lists.filter((l) => marked.has(l.id))}
          onDone={() => setMarked(nothing)}
        />
      )}
      <ListTable
        rows={rows}
        marked={marked}
        onMark={setMarked}
        onOpen={setOpen}
        question={typed}
        unread={directory.problem?.args.part === "lists"}
      />
      {open !== null && (open === "" || list) && (
        <ListDrawer
          key={open}
          office={office}
          ability={ability}
          directory={directory}
          list={list}
          fresh={fresh}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface BulkProps {
  ability: ReturnType<typeof useAbility>;
  lists: Parameters<typeof deleting>[0];
  onDone: () => void;
}

function Bulk({ ability, lists, onDone }: BulkProps) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const traits = ability.caps?.lists;
  const can = ability.can("lists.edit");
  const acts = [
    { key: "on", can: traits?.off, changes: () => settingAll(lists, { off: false }) },
    { key: "off", can: traits?.off, changes: () => settingAll(lists, { off: true }) },
    { key: "show", can: traits?.hidden, changes: () => settingAll(lists, { hidden: false }) },
    { key: "hide", can: traits?.hidden, changes: () => settingAll(lists, { hidden: true }) },
  ] as const;
  return (
    <div className="bulk-bar" role="group" aria-label={t("lists.bulk")}>
      <strong>{t("lists.selected", { count: lists.length })}</strong>
      {acts.map((a) => (
        <Button
          key={a.key}
          size="small"
          disabled={!can || !a.can}
          title={!can ? ability.why("lists.edit") : a.can ? undefined : t("officeReason.notHere")}
          onClick={() => propose(a.changes(), onDone)}
        >
          {t(`lists.act.${a.key}`)}
        </Button>
      ))}
      <AbleButton
        ability={ability}
        needs="lists.edit"
        size="small"
        danger
        onClick={() => propose(deleting(lists), onDone)}
      >
        {t("staff.delete")}
      </AbleButton>
      <Button size="small" type="text" onClick={onDone}>
        {t("staff.clear")}
      </Button>
    </div>
  );
}
