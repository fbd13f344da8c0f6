import { Select } from "antd";
import type { RecordZone } from "@/api/records";

interface Props {
  id: string;
  zone: RecordZone;
  value: string;
  disabled?: boolean;
  /** What stands first, for "". */
  none?: string;
  onChange: (name: string) => void;
}

/** A time zone: the usual ones first, then all that the engine knows; typing looks for one. */
export function ZoneSelect({ id, zone, value, disabled, none, onChange }: Props) {
  const first = [value, zone.name, zone.computer, zone.vendor, ...zone.usual].filter(Boolean);
  const all = [...new Set([...first, ...Intl.supportedValuesOf("timeZone")])];
  const options = all.map((name) => ({ value: name, label: name.replaceAll("_", " ") }));
  return (
    <Select
      id={id}
      className="span-select"
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      value={value}
      disabled={disabled}
      options={none === undefined ? options : [{ value: "", label: none }, ...options]}
      onChange={onChange}
    />
  );
}
