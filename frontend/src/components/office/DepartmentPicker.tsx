import { TreeSelect } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Branch, Directory } from "@/components/office/useDirectory";

interface Props {
  id?: string;
  label?: string;
  directory: Directory;
  value: string[];
  onChange: (ids: string[]) => void;
  /** Several can be chosen. */
  many?: boolean;
  /** Offers the office itself, as "". */
  root?: boolean;
  /** IDs that cannot be chosen. */
  without?: ReadonlySet<string>;
}

interface Node {
  value: string;
  title: string;
  path: string;
  disabled: boolean;
  children: Node[];
}

/** The office itself: TreeSelect takes an empty value for none. */
const top = "\u0000top";

/** Chooses departments from the tree; typing finds them by any part of their path. */
export function DepartmentPicker({
  id,
  label,
  directory,
  value,
  onChange,
  many = false,
  root,
  without,
}: Props) {
  const { t } = useTranslation();
  const tree = useMemo(() => {
    const node = (b: Branch): Node => ({
      value: b.department.id,
      title: b.department.name,
      path: b.path,
      disabled: without?.has(b.department.id) ?? false,
      children: b.below.map(node),
    });
    const nodes = directory.top.map(node);
    return root
      ? [{ value: top, title: t("dept.all"), path: t("dept.all"), disabled: false, children: nodes }]
      : nodes;
  }, [directory, root, without, t]);
  const shown = value.map((v) => (v === "" ? top : v));
  return (
    <TreeSelect<string | string[]>
      id={id}
      aria-label={label}
      className="picker"
      treeData={tree}
      multiple={many}
      showSearch={{ treeNodeFilterProp: "path" }}
      treeDefaultExpandAll={directory.departments.length < 60}
      treeDefaultExpandedKeys={[top]}
      allowClear={many}
      placeholder={t("staff.pickDepartment")}
      value={many ? shown : shown[0]}
      onChange={(next) => {
        const list = Array.isArray(next) ? next : next ? [next] : [];
        onChange(list.map((v) => (v === top ? "" : v)));
      }}
    />
  );
}
