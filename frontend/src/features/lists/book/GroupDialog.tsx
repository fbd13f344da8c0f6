import { Input, Modal, Radio } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeContactGroup } from "@/api/offices";
import { useChanges } from "@/components/office/ChangesContext";
import type { Directory } from "@/components/office/useDirectory";
import { deleteGroup, inGroup, saveGroup } from "@/features/lists/book/book";

export interface GroupAct {
  what: "create" | "rename" | "delete";
  group?: OfficeContactGroup;
}

interface Props {
  act: GroupAct;
  directory: Directory;
  onClose: () => void;
  /** Told when the group is gone. */
  onGone: () => void;
}

/** Names a group of contacts, or says what becomes of its contacts before it goes. */
export function GroupDialog(props: Props) {
  return props.act.what === "delete" && props.act.group ? (
    <DeleteDialog {...props} group={props.act.group} />
  ) : (
    <NameDialog {...props} />
  );
}

function NameDialog({ act, directory, onClose }: Props) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const id = useId();
  const [name, setName] = useState(act.group?.name ?? "");
  const typed = name.trim();
  const taken = directory.groups.some((g) => g.id !== act.group?.id && g.name === typed);
  function ok() {
    if (typed === "" || taken) return;
    onClose();
    if (typed === act.group?.name) return;
    const last = Math.max(0, ...directory.groups.map((g) => g.order));
    propose([saveGroup({ ...(act.group ?? { id: "", order: last + 1 }), name: typed })]);
  }
  return (
    <Modal
      open
      title={act.group ? t("book.group.renameOne", { name: act.group.name }) : t("book.group.new")}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: typed === "" || taken }}
      onOk={ok}
      onCancel={onClose}
    >
      <div className="field">
        <label htmlFor={id}>{t("book.group.name")}</label>
        <Input
          id={id}
          autoFocus
          maxLength={100}
          value={name}
          onChange={(e) => setName(e.target.value)}
          onPressEnter={ok}
        />
        {taken && <small className="bad">{t("book.group.taken")}</small>}
      </div>
    </Modal>
  );
}

function DeleteDialog({ group, directory, onClose, onGone }: Props & { group: OfficeContactGroup }) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const [withContacts, setWithContacts] = useState(false);
  const members = inGroup(directory.contacts, group.id);
  const alone = members.filter((c) => c.groups.length === 1).length;
  return (
    <Modal
      open
      title={t("book.group.deleteOne", { name: group.name })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      onOk={() => {
        onClose();
        propose(deleteGroup(group, directory.contacts, withContacts), (run) => {
          if (run.failed === 0) onGone();
        });
      }}
      onCancel={onClose}
    >
      {alone === 0 ? (
        <p>{members.length === 0 ? t("book.group.empty") : t("book.group.shared")}</p>
      ) : (
        <Radio.Group
          className="stack"
          value={withContacts}
          onChange={(e) => setWithContacts(e.target.value === true)}
        >
          <Radio value={false}>{t("book.group.keep", { count: members.length })}</Radio>
          <Radio value={true}>{t("book.group.with", { count: alone })}</Radio>
        </Radio.Group>
      )}
    </Modal>
  );
}
