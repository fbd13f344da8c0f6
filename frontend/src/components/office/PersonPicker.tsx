import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Directory } from "@/components/office/useDirectory";
import { useHits } from "@/components/office/useHits";

interface Props {
  id?: string;
  label?: string;
  directory: Directory;
  /** IDs that cannot be chosen. */
  without?: ReadonlySet<string>;
  value: string;
  onChange: (id: string) => void;
}

const most = 50;

/** Finds one person by name, pinyin, initials or address. */
export function PersonPicker({ id, label, directory, without, value, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const hits = useHits(directory, text);
  const options = useMemo(() => {
    const found = directory.people.filter(
      (p, i) => p.status !== "deleted" && !without?.has(p.id) && (!hits || hits[i]),
    );
    const shown = found.slice(0, most);
    const chosen = directory.person.get(value);
    if (chosen && !shown.includes(chosen)) shown.push(chosen);
    return shown.map((p) => ({ value: p.id, label: p.name ? `${p.name} · ${p.address}` : p.address }));
  }, [directory, hits, without, value]);
  return (
    <Select
      id={id}
      aria-label={label}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t("staff.pickPerson")}
      value={value || undefined}
      onChange={onChange}
      options={options}
      className="picker"
    />
  );
}
