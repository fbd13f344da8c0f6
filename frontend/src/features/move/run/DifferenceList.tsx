import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Difference, MailboxMove, Move } from "@/api/types";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

const kinds = ["missing", "size", "header", "bytes", "count", "line_ends"] as const;

/** What the last comparison found to be different, message by message. */
export function DifferenceList({ move, mailbox }: { move: Move; mailbox: MailboxMove }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const { data = [] } = useQuery({
    queryKey: keys.differences(move.id, mailbox.id),
    queryFn: () => client.moves.differences(move.id, mailbox.id),
  });
  const columns: Column<Difference>[] = [
    {
      key: "kind",
      title: t("move.difference.kind"),
      width: "150px",
      cell: (d) => {
        const kind = kinds.find((k) => k === d.kind);
        return kind ? t(`move.difference.${kind}`) : d.kind;
      },
    },
    {
      key: "folder",
      title: t("move.map.source"),
      width: "minmax(120px, 1fr)",
      cell: (d) => <span className="clip">{d.folder}</span>,
    },
    {
      key: "uid",
      title: t("move.difference.message"),
      width: "110px",
      cell: (d) => (d.uid > 0 ? format.number(d.uid) : t("move.difference.wholeFolder")),
    },
    {
      key: "detail",
      title: t("trouble.details"),
      width: "minmax(120px, 1fr)",
      cell: (d) => <span className="clip faint">{d.detail}</span>,
    },
  ];
  return (
    <>
      <h3>{t("move.run.differences", { count: mailbox.differences })}</h3>
      <VirtualTable
        label={t("move.difference.table")}
        columns={columns}
        rows={data}
        rowKey={(d) => `${d.folder} ${d.uid} ${d.kind}`}
        rowHeight={36}
        maxRows={6}
      />
    </>
  );
}
