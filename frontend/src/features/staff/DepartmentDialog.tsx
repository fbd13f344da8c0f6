import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeChange } from "@/api/offices";
import { change, changePerson } from "@/components/office/change";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { useStaffChanges } from "@/features/staff/useStaffChanges";

export interface DepartmentAct {
  what: "create" | "rename" | "move" | "delete";
  /** The department; of a new one, its parent. */
  id: string;
}

interface Props {
  act: DepartmentAct;
  directory: Directory;
  ability: Ability;
  onClose: () => void;
}

export function DepartmentDialog(props: Props) {
  switch (props.act.what) {
    case "move":
      return <MoveDialog {...props} />;
    case "delete":
      return <DeleteDialog {...props} />;
    default:
      return <NameDialog {...props} />;
  }
}

function NameDialog({ act, directory, ability, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { send } = useStaffChanges(directory);
  const known = act.what === "rename" ? directory.branch.get(act.id)?.department : undefined;
  const [name, setName] = useState(known?.name ?? "");
  const [remark, setRemark] = useState(known?.remark ?? "");
  const describes = ability.caps?.department.includes("remark") ?? false;
  const parent = directory.branch.get(act.id)?.department.name;
  function ok() {
    const set = [
      ...(name.trim() !== known?.name ? ["name"] : []),
      ...(describes && remark !== known?.remark ? ["remark"] : []),
    ];
    if (name.trim() === "") return;
    onClose();
    if (!known) {
      send([
        change({
          kind: "department.create",
          label: name.trim(),
          handle: "@d1",
          department: { id: "", parent: act.id, name: name.trim(), remark, order: 0 },
        }),
      ]);
    } else if (set.length > 0) {
      send([
        change({
          kind: "department.update",
          target: known.id,
          label: known.name,
          set,
          department: { ...known, name: name.trim(), remark },
          seen: [{ attr: "name", values: [known.name] }],
        }),
      ]);
    }
  }
  return (
    <Modal
      open
      title={known ? t("dept.rename") : parent ? t("dept.newBelow", { name: parent }) : t("dept.new")}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: name.trim() === "" }}
      onOk={ok}
      onCancel={onClose}
    >
      <div className="stack">
        <div className="field">
          <label htmlFor={id}>{t("dept.name")}</label>
          <Input
            id={id}
            autoFocus
            value={name}
            maxLength={60}
            onChange={(e) => setName(e.target.value)}
            onPressEnter={ok}
          />
        </div>
        {describes && (
          <div className="field">
            <label htmlFor={`${id}-r`}>{t("dept.remark")}</label>
            <Input
              id={`${id}-r`}
              value={remark}
              maxLength={200}
              onChange={(e) => setRemark(e.target.value)}
            />
          </div>
        )}
      </div>
    </Modal>
  );
}

function MoveDialog({ act, directory, onClose }: Props) {
  const { t } = useTranslation();
  const { moveDepartment } = useStaffChanges(directory);
  const known = directory.branch.get(act.id)?.department;
  const [to, setTo] = useState([known?.parent ?? ""]);
  return (
    <Modal
      open
      title={t("dept.moveTitle", { name: known?.name ?? "" })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: to.length === 0 || to[0] === known?.parent }}
      onOk={() => {
        onClose();
        moveDepartment(act.id, to[0] ?? "");
      }}
      onCancel={onClose}
    >
      <DepartmentPicker
        root
        label={t("dept.parent")}
        directory={directory}
        value={to}
        without={directory.within(act.id)}
        onChange={setTo}
      />
    </Modal>
  );
}

function DeleteDialog({ act, directory, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const { send } = useStaffChanges(directory);
  const [to, setTo] = useState<string[]>([]);
  const branch = directory.branch.get(act.id);
  const within = directory.within(act.id);
  const people = directory.people.filter((p) => p.departments.some((d) => within.has(d)));
  // Only who would be left without a department needs another one.
  const homeless = people.some((p) => p.departments.every((d) => within.has(d)));
  const below = within.size - 1;
  function ok() {
    onClose();
    const all: OfficeChange[] = people.map((p) => {
      const stay = p.departments.filter((d) => !within.has(d));
      return changePerson(p, {
        kind: "person.update",
        set: ["departments"],
        person: { ...p, departments: stay.length > 0 ? stay : to },
        seen: [{ attr: "departments", values: p.departments }],
      });
    });
    // Children go before their parents.
    for (const d of [...within].reverse()) {
      all.push(
        change({
          kind: "department.delete",
          target: d,
          label: directory.branch.get(d)?.department.name ?? d,
        }),
      );
    }
    send(all);
  }
  return (
    <Modal
      open
      title={t("dept.deleteTitle", { name: branch?.department.name ?? "" })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: homeless && to.length === 0 }}
      onOk={ok}
      onCancel={onClose}
    >
      <div className="stack">
        <p>
          {people.length === 0 ? t("dept.empty") : t("dept.hasPeople", { count: people.length })}
          {below > 0 && ` ${t("dept.hasBelow", { count: below })}`}
        </p>
        {people.length > 0 && (
          <div className="field">
            <label htmlFor={id}>{t("dept.peopleTo")}</label>
            <DepartmentPicker id={id} directory={directory} value={to} without={within} onChange={setTo} />
          </div>
        )}
      </div>
    </Modal>
  );
}
