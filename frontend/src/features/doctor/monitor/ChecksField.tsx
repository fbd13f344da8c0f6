import { useQuery } from "@tanstack/react-query";
import { TreeSelect } from "antd";
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { checkName } from "@/features/doctor/monitor/WatchCard";
import { useText } from "@/lib/useText";

/** Groups that need a mail or a sign-in: they cannot be watched. */
const never = ["mailbox", "message"];

/** Which checks a watch looks at: whole groups or single ones; none means the usual ones. */
export function ChecksField({ value, onChange }: { value: string[]; onChange: (only: string[]) => void }) {
  const { t } = useTranslation();
  const text = useText();
  const client = useClient();
  const id = useId();
  const checks = useQuery({
    queryKey: ["doctor-checks"],
    queryFn: () => client.exams.checks(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tree = useMemo(() => {
    const groups = [...new Set((checks.data ?? []).map((c) => c.group))].filter((g) => !never.includes(g));
    return groups.map((g) => ({
      value: g as string,
      title: text(`doctor.group.${g}`),
      children: (checks.data ?? [])
        .filter((c) => c.group === g)
        .map((c) => ({ value: c.id, title: checkName(text, c.id) })),
    }));
  }, [checks.data, text]);
  return (
    <div className="field">
      <label htmlFor={id}>{t("monitor.checks")}</label>
      <TreeSelect
        id={id}
        treeData={tree}
        value={value}
        onChange={(next: string[]) => onChange(next)}
        treeCheckable
        showCheckedStrategy={TreeSelect.SHOW_PARENT}
        treeNodeFilterProp="title"
        placeholder={t("monitor.usualText")}
        maxTagCount={4}
        allowClear
      />
    </div>
  );
}
