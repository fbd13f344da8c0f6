import { Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { RecordZone } from "@/api/records";
import { useZoneName } from "@/components/records/useZoneName";

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
  const { i18n } = useTranslation();
  const named = useZoneName();
  const first = [value, zone.name, zone.computer, zone.vendor, ...zone.usual].filter(Boolean);
  const all = [...new Set([...first, ...(Intl.supportedValuesOf?.("timeZone") ?? [])])];
  // biome-ignore lint/correctness/useExhaustiveDependencies: some hundred names are put into words anew only for these
  const options = useMemo(
    () => all.map((name) => ({ value: name, label: named(name) })),
    [i18n.language, all.join()],
  );
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
