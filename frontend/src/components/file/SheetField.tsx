import { Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  sheets: readonly string[];
  sheet: string;
  onSheet: (sheet: string) => void;
}

/** Which sheet of a workbook is read; nothing where there is one only. */
export function SheetField({ sheets, sheet, onSheet }: Props) {
  const { t } = useTranslation();
  const id = useId();
  if (sheets.length < 2) return null;
  return (
    <div className="field">
      <label htmlFor={id}>{t("intake.sheet")}</label>
      <Select
        id={id}
        value={sheet}
        onChange={onSheet}
        options={sheets.map((s) => ({ value: s, label: s }))}
      />
    </div>
  );
}
