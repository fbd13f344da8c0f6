import { Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson, OfficeTag } from "@/api/offices";
import { change } from "@/components/office/change";
import type { Directory } from "@/components/office/useDirectory";
import { useStaffChanges } from "@/features/staff/useStaffChanges";
import { useFormat } from "@/lib/useFormat";

interface Props {
  directory: Directory;
  people: OfficePerson[];
  onDone: () => void;
  onClose: () => void;
}

/** Gives tags to people, takes them away, and looks after the tags themselves. */
export function TagPeople({ directory, people, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const { send } = useStaffChanges(directory, onDone);
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [name, setName] = useState("");
  const who = people.map((p) => p.address);
  const fresh = name.trim();
  const taken = directory.tags.some((tag) => tag.name === fresh);
  function next() {
    onClose();
    send([
      ...directory.tags
        .filter((tag) => wanted.has(tag.id))
        .map((tag) =>
          change({
            kind: "tag.update",
            target: tag.id,
            label: tag.name,
            ...(wanted.get(tag.id) ? { add: who } : { remove: who }),
          }),
        ),
      ...(fresh ? [change({ kind: "tag.create", tag: newTag(fresh, who) })] : []),
    ]);
  }
  return (
    <Modal
      open
      title={t("staff.tagsTitle", { count: people.length })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: (wanted.size === 0 && fresh === "") || taken }}
      onOk={next}
      onCancel={onClose}
    >
      <div className="stack">
        {directory.tags.length === 0 && <p className="faint">{t("staff.tagsNone")}</p>}
        <ul className="todo-list">
          {directory.tags.map((tag) => (
            <TagRow
              key={tag.id}
              tag={tag}
              has={who.filter((a) => tag.people.includes(a)).length}
              of={who.length}
              wanted={wanted.get(tag.id)}
              onWant={(on) => setWanted(new Map(wanted).set(tag.id, on))}
              onRename={(to) => {
                onClose();
                send([
                  change({
                    kind: "tag.update",
                    target: tag.id,
                    label: tag.name,
                    set: ["name"],
                    tag: { ...tag, name: to },
                  }),
                ]);
              }}
              onDelete={() => {
                onClose();
                send([change({ kind: "tag.delete", target: tag.id, label: tag.name })]);
              }}
            />
          ))}
        </ul>
        <Input
          aria-label={t("staff.tagNew")}
          placeholder={t("staff.tagNew")}
          value={name}
          maxLength={32}
          status={taken ? "error" : undefined}
          onChange={(e) => setName(e.target.value)}
        />
        {taken && (
          <p className="bad" role="alert">
            {t("staff.tagTaken")}
          </p>
        )}
      </div>
    </Modal>
  );
}

function newTag(name: string, people: string[]): OfficeTag {
  return { id: "", name, people, departments: [], partial: false };
}

interface RowProps {
  tag: OfficeTag;
  /** How many of those who are chosen have it. */
  has: number;
  of: number;
  wanted: boolean | undefined;
  onWant: (on: boolean) => void;
  onRename: (to: string) => void;
  onDelete: () => void;
}

function TagRow({ tag, has, of, wanted, onWant, onRename, onDelete }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [name, setName] = useState<string | null>(null);
  const all = has === of;
  if (name !== null) {
    return (
      <li className="row wrap">
        <Input
          className="grow"
          aria-label={t("staff.tagRename", { name: tag.name })}
          value={name}
          maxLength={32}
          autoFocus
          onChange={(e) => setName(e.target.value)}
        />
        <Button
          size="small"
          disabled={name.trim() === "" || name.trim() === tag.name}
          onClick={() => onRename(name.trim())}
        >
          {t("staff.form.next")}
        </Button>
        <Button size="small" type="text" onClick={() => setName(null)}>
          {t("staff.form.cancel")}
        </Button>
      </li>
    );
  }
  return (
    <li className="row wrap">
      <Checkbox
        className="grow"
        checked={wanted ?? all}
        indeterminate={wanted === undefined && has > 0 && !all}
        onChange={(e) => onWant(e.target.checked)}
      >
        {tag.name} <small className="faint">{format.number(tag.people.length)}</small>
      </Checkbox>
      <Button
        size="small"
        aria-label={t("staff.tagRename", { name: tag.name })}
        onClick={() => setName(tag.name)}
      >
        {t("staff.tagRenameShort")}
      </Button>
      <Button size="small" danger aria-label={t("staff.tagDelete", { name: tag.name })} onClick={onDelete}>
        {t("staff.delete")}
      </Button>
    </li>
  );
}
