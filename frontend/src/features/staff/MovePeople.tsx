import { Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";

interface Props {
  ability: Ability;
  directory: Directory;
  people: OfficePerson[];
  onMove: (ids: string[], to: string[], keep: boolean) => void;
  onClose: () => void;
}

/** Moves people to one or several departments. */
export function MovePeople({ ability, directory, people, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const many = ability.caps?.manyDepartments ?? false;
  const [to, setTo] = useState<string[]>([]);
  const [keep, setKeep] = useState(false);
  return (
    <Modal
      open
      title={t("staff.moveTitle", { count: people.length })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ disabled: to.length === 0 }}
      onOk={() => {
        onClose();
        onMove(
          people.map((p) => p.id),
          to,
          keep,
        );
      }}
      onCancel={onClose}
    >
      <div className="stack">
        <DepartmentPicker
          label={t("staff.pickDepartment")}
          directory={directory}
          many={many}
          value={to}
          onChange={setTo}
        />
        <small className="faint">
          {t(many ? "staff.form.departmentsHint" : "staff.form.departmentHint")}
        </small>
        {many && (
          <Checkbox checked={keep} onChange={(e) => setKeep(e.target.checked)}>
            {t("staff.moveAdd")}
          </Checkbox>
        )}
      </div>
    </Modal>
  );
}
