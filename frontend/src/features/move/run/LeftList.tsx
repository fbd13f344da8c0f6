import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { LeftMessage, Move } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { shortReason } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useFormat } from "@/lib/useFormat";

const page = 200;

/** Every message that was left behind, and why. Hidden while there is none. */
export function LeftList({ move }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const some = move.progress.counts.leftBehind > 0;
  const query = useInfiniteQuery({
    queryKey: keys.left(move.id, ""),
    queryFn: ({ pageParam }) => client.moves.leftBehind(move.id, "", pageParam, page),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const loaded = all.reduce((sum, p) => sum + p.rows.length, 0);
      return last.rows.length > 0 && loaded < last.total ? loaded : undefined;
    },
    enabled: some,
  });
  if (!some) return null;
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  const columns: Column<LeftMessage>[] = [
    {
      key: "subject",
      title: t("move.left.subject"),
      width: "minmax(180px, 1.6fr)",
      cell: (m) => (
        <span className="two-lines">
          <span className="clip" title={m.subject}>
            {m.subject || t("move.left.noSubject")}
          </span>
          <small className="clip">{m.from}</small>
        </span>
      ),
    },
    {
      key: "where",
      title: t("move.left.where"),
      width: "minmax(130px, 1fr)",
      cell: (m) => (
        <span className="two-lines">
          <span className="clip">{m.mailbox}</span>
          <small className="clip">{m.folder}</small>
        </span>
      ),
    },
    {
      key: "date",
      title: t("move.left.date"),
      width: "150px",
      cell: (m) => <span className="tabular">{m.date > 0 ? format.moment(m.date) : "–"}</span>,
    },
    {
      key: "size",
      title: t("move.left.size"),
      width: "84px",
      align: "end",
      cell: (m) => <span className="tabular">{format.bytes(m.size)}</span>,
    },
    {
      key: "why",
      title: t("move.left.why"),
      width: "minmax(180px, 1.4fr)",
      cell: (m) => <Why message={m} />,
    },
  ];
  return (
    <section className="card flush" aria-labelledby="left-title">
      <div className="card-head">
        <div className="grow">
          <h2 id="left-title">{t("move.left.title", { count: total, n: format.number(total) })}</h2>
          <p className="faint">{t("move.left.text")}</p>
        </div>
      </div>
      {query.error && (
        <div className="card-inset">
          <TroubleCard problem={problemOf(query.error)} acts={{ again: () => void query.refetch() }} />
        </div>
      )}
      <VirtualTable
        label={t("move.left.table")}
        columns={columns}
        rows={rows}
        total={total}
        rowKey={(m) => `${m.mailboxId} ${m.folder} ${m.uid}`}
        rowHeight={54}
        maxRows={8}
        minWidth={760}
        onEnd={() => {
          if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
        }}
      />
    </section>
  );
}

function Why({ message }: { message: LeftMessage }) {
  const { t } = useTranslation();
  const why = shortReason(t, message.class);
  if (!message.server) return <span className="clip">{why}</span>;
  return (
    <Popover
      trigger="click"
      title={t("trouble.serverSaid")}
      content={<pre className="server-words">{message.server}</pre>}
      placement="topRight"
    >
      <Button type="link" className="cell-link" title={why}>
        <span className="clip">{why}</span>
      </Button>
    </Popover>
  );
}
