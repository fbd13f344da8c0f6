import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { PageHeader } from "@/components/PageHeader";

export const plannedPages = ["letters", "security", "backup"] as const;
type PlannedId = (typeof plannedPages)[number];

/** Where some of it can be done already. */
const meanwhile: Partial<Record<PlannedId, { page: "doctor" | "move"; path: string }>> = {
  security: { page: "doctor", path: "/doctor/dns" },
  backup: { page: "move", path: "/move" },
};

/** A page that is still to be built: it says so, and what helps meanwhile. */
export function PlannedPage({ id }: { id: PlannedId }) {
  const { t } = useTranslation();
  const to = meanwhile[id];
  const points = ["one", "two", "three"] as const;
  return (
    <div className="page narrow">
      <PageHeader title={t(`nav.${id}`)} lead={t(`planned.${id}.lead`)} />
      <section className="card" aria-labelledby="planned-title">
        <h2 id="planned-title">{t("planned.title")}</h2>
        <ul className="points">
          {points.map((p) => (
            <li key={p}>{t(`planned.${id}.${p}`)}</li>
          ))}
        </ul>
        <p className="faint">{t(`planned.${id}.meanwhile`)}</p>
        {to && (
          <Link href={to.path}>
            <Button>{t("planned.to", { page: t(`nav.${to.page}`) })}</Button>
          </Link>
        )}
      </section>
    </div>
  );
}
