import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeContactGroup } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { contactType, groupType, inGroup, noGroup } from "@/features/lists/book/book";
import { type GroupAct, GroupDialog } from "@/features/lists/book/GroupDialog";

interface Props {
  ability: Ability;
  directory: Directory;
  /** In the order in which they are shown. */
  groups: readonly OfficeContactGroup[];
  chosen: string;
  onChoose: (id: string) => void;
  onOrder: (id: string, by: number) => void;
  onPlace: (id: string, where: string) => void;
  onContacts: (ids: string[], to: string) => void;
}

/** The groups of the book: contacts are dropped on them, and they are put in order. */
export function GroupPanel(props: Props) {
  const { ability, directory, groups, chosen, onChoose } = props;
  const { t } = useTranslation();
  const [act, setAct] = useState<GroupAct | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const editable = ability.can("contacts.edit");
  const group = groups.find((g) => g.id === chosen);
  const lines = [
    { id: "", name: t("book.all") },
    ...groups,
    ...(groups.length > 0 ? [{ id: noGroup, name: t("book.none") }] : []),
  ];
  const focus = (at: number) => {
    const line = lines[at];
    if (!line) return;
    onChoose(line.id);
    (list.current?.children[at] as HTMLElement | undefined)?.focus();
  };
  function onKey(event: KeyboardEvent, at: number) {
    const one = groups.find((g) => g.id === lines[at]?.id);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && event.altKey) {
      if (one && editable) props.onOrder(one.id, step);
    } else if (step !== 0) focus(at + step);
    else if (event.key === "F2" && one && editable) setAct({ what: "rename", group: one });
    else if (event.key === "Delete" && one && editable) setAct({ what: "delete", group: one });
    else return;
    event.preventDefault();
  }
  function drop(event: DragEvent, id: string) {
    event.preventDefault();
    setOver(null);
    const dragged = event.dataTransfer.getData(groupType);
    if (dragged) {
      if (groups.some((g) => g.id === id)) props.onPlace(dragged, id);
      return;
    }
    const contacts = event.dataTransfer.getData(contactType);
    if (contacts && id) props.onContacts(JSON.parse(contacts) as string[], id);
  }
  return (
    <aside className="dept" aria-label={t("attr.groups")}>
      <div className="row">
        <h2 className="grow">{t("attr.groups")}</h2>
        <AbleButton
          ability={ability}
          needs="contacts.edit"
          size="small"
          type="text"
          icon={<PlusOutlined aria-hidden />}
          aria-label={t("book.group.new")}
          title={t("book.group.new")}
          onClick={() => setAct({ what: "create" })}
        />
        <Dropdown
          trigger={["click"]}
          disabled={!group || !editable}
          menu={{
            items: [
              { key: "up", label: t("book.up"), disabled: groups[0]?.id === chosen },
              { key: "down", label: t("book.down"), disabled: groups.at(-1)?.id === chosen },
              { type: "divider" },
              { key: "rename", label: t("book.group.rename") },
              { key: "delete", label: t("book.group.delete"), danger: true },
            ],
            onClick: ({ key }) => {
              if (key === "up" || key === "down") props.onOrder(chosen, key === "up" ? -1 : 1);
              else setAct({ what: key as GroupAct["what"], group });
            },
          }}
        >
          <Button
            size="small"
            type="text"
            disabled={!group || !editable}
            icon={<MoreOutlined aria-hidden />}
            aria-haspopup="menu"
            aria-label={t("book.group.act", { name: group?.name ?? t("book.all") })}
          />
        </Dropdown>
      </div>
      <div
        role="listbox"
        aria-label={t("attr.groups")}
        ref={list}
        title={editable ? t("book.keys") : undefined}
      >
        {lines.map((line, at) => (
          <div
            key={line.id}
            role="option"
            data-id={line.id}
            aria-selected={line.id === chosen}
            tabIndex={line.id === chosen ? 0 : -1}
            className={`dept-node${line.id === chosen ? " chosen" : ""}${line.id === over ? " over" : ""}`}
            draggable={editable && line.id !== "" && line.id !== noGroup}
            onClick={() => onChoose(line.id)}
            onKeyDown={(e) => onKey(e, at)}
            onDragStart={(e) => e.dataTransfer.setData(groupType, line.id)}
            onDragOver={(e) => {
              if (!editable || line.id === "") return;
              e.preventDefault();
              setOver(line.id);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(e) => drop(e, line.id)}
          >
            <span className="clip grow">{line.name}</span>
            <span className="faint tabular">{inGroup(directory.contacts, line.id).length}</span>
          </div>
        ))}
      </div>
      {act && (
        <GroupDialog
          act={act}
          directory={directory}
          onClose={() => setAct(null)}
          onGone={() => onChoose("")}
        />
      )}
    </aside>
  );
}
