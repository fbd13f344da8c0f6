import { CloseOutlined } from "@ant-design/icons";
import { Select } from "antd";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Noticed } from "@/components/office/noticed";
import type { Directory } from "@/components/office/useDirectory";
import { SearchField } from "@/components/SearchField";
import { statusCounts, statuses } from "@/features/staff/view";
import { useCodeText } from "@/lib/codeText";

interface Props extends StatusProps, TagProps, OnlyProps {
  text: string;
  onText: (text: string) => void;
  onFocus: () => void;
  /** Goes to the first of those who are listed. */
  onDown: () => void;
  count: number;
}

export function FilterBar(props: Props) {
  const { directory, text, onText, onFocus, onDown, status, onStatus, tag, onTag, only, onOnly, count } =
    props;
  const { t } = useTranslation();
  return (
    <div className="row wrap filter-bar">
      <SearchField
        label={t("staff.search")}
        value={text}
        onChange={onText}
        onFocus={onFocus}
        onDown={onDown}
      />
      <StatusChoice directory={directory} status={status} onStatus={onStatus} />
      <TagChoice directory={directory} tag={tag} onTag={onTag} />
      <Only only={only} onOnly={onOnly} />
      <span className="faint tabular" role="status">
        {t("staff.count", { count })}
      </span>
    </div>
  );
}

interface StatusProps {
  directory: Directory;
  status: string;
  onStatus: (status: string) => void;
}

const StatusChoice = memo(function StatusChoice({ directory, status, onStatus }: StatusProps) {
  const { t } = useTranslation();
  const code = useCodeText();
  const counts = useMemo(() => statusCounts(directory.people), [directory]);
  return (
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
  );
});

interface TagProps {
  directory: Directory;
  tag: string;
  onTag: (tag: string) => void;
}

/** Those who have a tag; nothing where the office has none. */
const TagChoice = memo(function TagChoice({ directory, tag, onTag }: TagProps) {
  const { t } = useTranslation();
  if (directory.tags.length === 0) return null;
  return (
    <Select
      aria-label={t("staff.tagFilter")}
      value={tag}
      onChange={onTag}
      popupMatchSelectWidth={false}
      options={[
        { value: "", label: t("staff.anyTag") },
        ...directory.tags.map((one) => ({ value: one.id, label: one.name })),
      ]}
    />
  );
});

interface OnlyProps {
  only: Noticed | "";
  onOnly: (only: Noticed | "") => void;
}

/** Whom the list is kept to, and the way back to everybody. */
const Only = memo(function Only({ only, onOnly }: OnlyProps) {
  const { t } = useTranslation();
  if (only === "") return null;
  return (
    <button
      type="button"
      className="filter-chip"
      aria-label={t("staff.onlyOff", { what: t(`staff.only.${only}`) })}
      title={t("staff.onlyOff", { what: t(`staff.only.${only}`) })}
      onClick={() => onOnly("")}
    >
      {t(`staff.only.${only}`)} <CloseOutlined aria-hidden />
    </button>
  );
});
