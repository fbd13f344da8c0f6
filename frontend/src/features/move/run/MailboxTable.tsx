import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { MailboxMove, Move } from "@/api/types";
import { StateTag } from "@/components/StateTag";
import { ThinBar } from "@/components/ThinBar";
import { shortReason } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useDoing } from "@/features/move/run/useDoing";
import { doneOf, isWorking, toneOf } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  onOpen: (mailboxId: string) => void;
}

/** The mailboxes of a move, each with its state, share and what it is doing. */
export function MailboxTable({ move, onOpen }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const doing = useDoing();

  function detail(m: MailboxMove): string {
    if (m.state === "running" || m.state === "waiting") return doing(m.progress, move.state);
    if (m.problem) return shortReason(t, m.problem.class || m.problem.code);
    if (m.differences > 0) return t("move.run.differences", { count: m.differences });
    const { leftBehind } = m.progress.counts;
    if (leftBehind > 0) return t("move.run.someLeft", { count: leftBehind });
    if (m.verified !== "none" && m.state === "done") return t(`move.verified.${m.verified}`);
    return "";
  }
  const columns: Column<MailboxMove>[] = [
    {
      key: "name",
      title: t("move.run.mailbox"),
      width: "minmax(130px, 1.2fr)",
      cell: (m) => (
        <Button
          type="link"
          className="cell-link"
          onClick={() => onOpen(m.id)}
          title={m.from.user || m.from.path}
        >
          <span className="clip">{m.label || m.from.user}</span>
        </Button>
      ),
    },
    {
      key: "state",
      title: t("move.run.state"),
      width: "136px",
      cell: (m) => <StateTag tone={toneOf(m.state)}>{t(`move.mailboxState.${m.state}`)}</StateTag>,
    },
    {
      key: "bar",
      title: t("move.run.share"),
      width: "minmax(70px, 1fr)",
      cell: (m) => (
        <ThinBar
          label={m.label || m.from.user}
          done={doneOf(m.progress.counts)}
          all={m.progress.counts.messages}
          tone={toneOf(m.state)}
        />
      ),
    },
    {
      key: "amount",
      title: t("move.run.messages"),
      width: "106px",
      align: "end",
      cell: (m) => (
        <span className="tabular">
          {format.number(doneOf(m.progress.counts))}
          <span className="faint"> / {format.number(m.progress.counts.messages)}</span>
        </span>
      ),
    },
    {
      key: "detail",
      title: t(isWorking(move.state) ? "move.run.now" : "move.run.outcome"),
      width: "minmax(120px, 1.6fr)",
      cell: (m) => (
        <span className="faint clip" title={detail(m)}>
          {detail(m)}
        </span>
      ),
    },
  ];
  return (
    <section className="card flush" aria-labelledby="mailboxes-title">
      <div className="card-head">
        <h2 id="mailboxes-title">{t("move.run.mailboxes", { count: move.mailboxes.length })}</h2>
      </div>
      <VirtualTable
        label={t("move.run.table")}
        columns={columns}
        rows={move.mailboxes}
        rowKey={(m) => m.id}
        maxRows={12}
        minWidth={680}
      />
    </section>
  );
}
