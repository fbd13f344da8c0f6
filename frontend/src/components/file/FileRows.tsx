import { useTranslation } from "react-i18next";
import { type Column, VirtualTable } from "@/components/VirtualTable";

interface Props<T> {
  columns: Column<T>[];
  rows: readonly T[];
}

/** What a file would do, row by row. */
export function FileRows<T extends { row: number }>({ columns, rows }: Props<T>) {
  const { t } = useTranslation();
  return (
    <section className="group" aria-label={t("lists.fileRows")}>
      <h2>{t("lists.fileRows")}</h2>
      <VirtualTable
        label={t("lists.fileRows")}
        columns={columns}
        rows={rows}
        rowKey={(r) => String(r.row)}
        rowHeight={36}
        maxRows={10}
        minWidth={600}
      />
    </section>
  );
}
