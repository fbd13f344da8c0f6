import { SearchOutlined } from "@ant-design/icons";
import { Input, Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Directory } from "@/components/office/useDirectory";
import { statusCounts, statuses } from "@/features/staff/view";
import { useCodeText } from "@/lib/codeText";

interface Props {
  directory: Directory;
  text: string;
  onText: (text: string) => void;
  status: string;
  onStatus: (status: string) => void;
  count: number;
}

export function FilterBar({ directory, text, onText, status, onStatus, count }: Props) {
  const { t } = useTranslation();
  const code = useCodeText();
  const counts = useMemo(() => statusCounts(directory.people), [directory]);
  return (
    <div className="row wrap filter-bar">
      <Input
        allowClear
        className="grow staff-search"
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t("staff.search")}
        placeholder={t("staff.search")}
        value={text}
        onChange={(e) => onText(e.target.value)}
      />
      <Select
        aria-label={t("staff.filter")}
        value={status}
        onChange={onStatus}
        popupMatchSelectWidth={false}
        options={[
          { value: "", label: t("staff.anyStatus") },
          ...statuses
            .filter((s) => counts.has(s))
            .map((s) => ({ value: s, label: `${code("personStatus", s)} ${counts.get(s) ?? 0}` })),
        ]}
      />
      <span className="faint tabular" role="status">
        {t("staff.count", { count })}
      </span>
    </div>
  );
}
