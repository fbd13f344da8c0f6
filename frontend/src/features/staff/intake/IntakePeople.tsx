import { useTranslation } from "react-i18next";
import type { IntakePerson } from "@/api/staff";
import { type Column, VirtualTable } from "@/components/VirtualTable";

/** Who would be created, row by row. */
export function IntakePeople({ people }: { people: IntakePerson[] }) {
  const { t } = useTranslation();
  const columns: Column<IntakePerson>[] = [
    {
      key: "row",
      title: t("intake.rowColumn"),
      width: "64px",
      cell: (p) => <span className="tabular">{p.row}</span>,
    },
    {
      key: "name",
      title: t("staff.col.name"),
      width: "minmax(110px, 1fr)",
      cell: (p) => <span className="clip">{p.name}</span>,
    },
    {
      key: "address",
      title: t("staff.col.address"),
      width: "minmax(180px, 1.6fr)",
      cell: (p) => <span className="clip">{[p.address, ...p.aliases].join(t("list.comma"))}</span>,
    },
    {
      key: "departments",
      title: t("staff.col.departments"),
      width: "minmax(140px, 1.4fr)",
      className: "clip clip-start",
      cell: (p) => p.departments.join(t("list.comma")),
    },
  ];
  return (
    <section className="group" aria-labelledby="intake-people">
      <h2 id="intake-people">{t("intake.preview")}</h2>
      <VirtualTable
        label={t("intake.preview")}
        columns={columns}
        rows={people}
        rowKey={(p) => String(p.row)}
        rowHeight={36}
        maxRows={10}
        minWidth={600}
      />
    </section>
  );
}
