import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { LeftMessage, Move } from "@/api/types";
import { shortReason } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useSaveTable } from "@/features/move/wizard/useSaveTable";
import { useFormat } from "@/lib/useFormat";

const page = 500;

/** The messages that the new mailboxes will not take, by the dry run. */
export function WontFit({ move }: { move: Move }) {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const save = useSaveTable();
  const count = move.mailboxes.reduce((n, m) => n + (m.estimate?.willLeave ?? 0), 0);
  const { data } = useQuery({
    queryKey: keys.wont(move.id),
    queryFn: () => client.moves.wontFit(move.id, 0, page),
    enabled: count > 0 && move.state !== "planning",
  });
  if (count === 0 || !data || data.rows.length === 0) return null;
  const columns: Column<LeftMessage>[] = [
    {
      key: "who",
      title: t("move.left.where"),
      width: "minmax(160px, 2fr)",
      cell: (m) => (
        <span className="clip">
          {m.mailbox} · {m.folder}
        </span>
      ),
    },
    {
      key: "date",
      title: t("move.left.date"),
      width: "minmax(110px, 1fr)",
      cell: (m) => <span className="tabular">{m.date > 0 ? format.moment(m.date) : "–"}</span>,
    },
    {
      key: "size",
      title: t("move.left.size"),
      width: "90px",
      align: "end",
      cell: (m) => <span className="tabular">{format.bytes(m.size)}</span>,
    },
    {
      key: "why",
      title: t("move.left.why"),
      width: "minmax(110px, 1.2fr)",
      cell: (m) => <span className="clip">{shortReason(t, m.class)}</span>,
    },
  ];
  function saveAll() {
    void save({
      name: t("wizard.check.wontFile"),
      header: [
        t("move.run.mailbox"),
        t("move.map.source"),
        t("move.difference.message"),
        t("move.left.date"),
        t("wizard.check.bytes"),
        t("move.left.why"),
      ],
      rows: (data?.rows ?? []).map((m) => [
        m.mailbox,
        m.folder,
        String(m.uid),
        m.date > 0 ? new Date(m.date).toISOString() : "",
        String(m.size),
        shortReason(t, m.class),
      ]),
    });
  }
  return (
    <section className="card flush" aria-labelledby="wont-title">
      <div className="card-head">
        <div className="grow">
          <h2 id="wont-title">{t("wizard.check.wontTitle", { count, n: format.number(count) })}</h2>
          <p className="faint">{t("wizard.check.wontText")}</p>
        </div>
        <Button size="small" type="text" icon={<DownloadOutlined aria-hidden />} onClick={saveAll}>
          {t("wizard.export")}
        </Button>
      </div>
      <VirtualTable
        label={t("wizard.check.wontTable")}
        columns={columns}
        rows={data.rows}
        rowKey={(m) => `${m.mailboxId} ${m.folder} ${m.uid}`}
        rowHeight={34}
        maxRows={5}
        minWidth={520}
      />
    </section>
  );
}
