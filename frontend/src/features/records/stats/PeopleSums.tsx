import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { RecordPerson } from "@/api/records";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

/** Sums per mailbox. */
export function PeopleSums({
  title,
  people,
  by,
}: {
  title: string;
  people: RecordPerson[];
  by: "sent" | "all";
}) {
  const { t } = useTranslation();
  const id = useId();
  const format = useFormat();
  if (people.length === 0) return null;
  const counted = (n: number) => (n < 0 ? "–" : format.number(n));
  const told = (bytes: number) => (bytes < 0 ? "–" : format.bytes(bytes));
  const number = (key: string, label: string, pick: (p: RecordPerson) => string): Column<RecordPerson> => ({
    key,
    title: label,
    width: "minmax(84px, 1fr)",
    align: "end",
    cell: (p) => <span className="tabular">{pick(p)}</span>,
  });
  const person: Column<RecordPerson> = {
    key: "person",
    title: t("recordsPage.stats.person"),
    width: "minmax(220px, 2.4fr)",
    cell: (p) => (
      <span className="two-lines">
        <span className="clip">{p.name || p.person}</span>
        {p.name && <small className="clip">{p.person}</small>}
      </span>
    ),
  };
  const sent = [
    number("sent", t("recordsPage.stats.sent"), (p) => counted(p.figures.sent)),
    number("sentBytes", t("recordsPage.stats.sentBytes"), (p) => told(p.figures.sentBytes)),
    number("bounced", t("recordsPage.stats.bounced"), (p) => counted(p.figures.bounced)),
  ];
  const rest = [
    number("received", t("recordsPage.stats.received"), (p) => counted(p.figures.received)),
    number("signIns", t("recordsPage.stats.signIns"), (p) => counted(p.figures.signIns)),
    number("refused", t("recordsPage.stats.refused"), (p) => counted(p.figures.refused)),
    number("used", t("recordsPage.stats.used"), (p) => told(p.figures.used)),
  ];
  return (
    <section className="card flush" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
      </div>
      <VirtualTable
        label={title}
        columns={by === "sent" ? [person, ...sent] : [person, ...sent.slice(0, 1), ...rest]}
        rows={people}
        rowKey={(p) => p.person}
        rowHeight={50}
        maxRows={by === "sent" ? 15 : 8}
        minWidth={720}
      />
    </section>
  );
}
