import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { AbleButton } from "@/components/office/AbleButton";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { type DepartmentAct, DepartmentDialog } from "@/features/staff/DepartmentDialog";
import { DepartmentTree } from "@/features/staff/DepartmentTree";
import { useStaffChanges } from "@/features/staff/useStaffChanges";
import { withoutDepartment } from "@/features/staff/view";

interface Props {
  ability: Ability;
  directory: Directory;
  chosen: string;
  onChoose: (id: string) => void;
}

/** The tree of departments, and what can be done with the one that is chosen. */
export const DepartmentPanel = memo(function DepartmentPanel(props: Props) {
  const { ability, directory, chosen, onChoose } = props;
  const { t } = useTranslation();
  const [act, setAct] = useState<DepartmentAct | null>(null);
  const changes = useStaffChanges(directory);
  const editable = ability.can("departments.edit");
  const branch = directory.branch.get(chosen);
  const name = branch?.department.name ?? "";
  const lacking = directory.people.filter((p) => p.departments.length === 0).length;
  if (!ability.can("departments.read") && directory.departments.length === 0) {
    return (
      <aside className="dept" aria-label={t("dept.title")}>
        <h2>{t("dept.title")}</h2>
        <p className="faint">{ability.caps ? ability.why("departments.read") : ""}</p>
      </aside>
    );
  }
  return (
    <aside className="dept" aria-label={t("dept.title")}>
      <div className="row">
        <h2 className="grow">{t("dept.title")}</h2>
        <AbleButton
          ability={ability}
          needs="departments.edit"
          size="small"
          type="text"
          icon={<PlusOutlined aria-hidden />}
          aria-label={branch ? t("dept.newBelow", { name }) : t("dept.new")}
          title={branch ? t("dept.newBelow", { name }) : t("dept.new")}
          onClick={() => setAct({ what: "create", id: branch ? chosen : "" })}
        />
        <Dropdown
          trigger={["click"]}
          disabled={!branch || !editable}
          menu={{
            items: [
              { key: "create", label: t("dept.newBelow", { name }) },
              { key: "rename", label: t("dept.rename") },
              { key: "move", label: t("dept.move") },
              { key: "delete", label: t("dept.delete"), danger: true },
            ],
            onClick: ({ key }) => setAct({ what: key as DepartmentAct["what"], id: chosen }),
          }}
        >
          <Button
            size="small"
            type="text"
            disabled={!branch || !editable}
            icon={<MoreOutlined aria-hidden />}
            aria-haspopup="menu"
            aria-label={t("dept.act", { name: name || t("dept.all") })}
          />
        </Dropdown>
      </div>
      <DepartmentTree
        directory={directory}
        editable={editable}
        chosen={chosen}
        onChoose={onChoose}
        onAct={setAct}
        onMove={changes.moveDepartment}
        onPeople={(ids, to) => changes.movePeople(ids, [to], false)}
      />
      {lacking > 0 && directory.departments.length > 0 && (
        <button
          type="button"
          className={chosen === withoutDepartment ? "dept-node chosen" : "dept-node"}
          aria-pressed={chosen === withoutDepartment}
          onClick={() => onChoose(chosen === withoutDepartment ? "" : withoutDepartment)}
        >
          <span className="clip grow">{t("staff.noDepartment")}</span>
          <span className="faint tabular">{lacking}</span>
        </button>
      )}
      {act && (
        <DepartmentDialog act={act} directory={directory} ability={ability} onClose={() => setAct(null)} />
      )}
    </aside>
  );
});
