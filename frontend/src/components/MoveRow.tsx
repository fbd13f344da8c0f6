import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Move } from "@/api/types";
import { StateTag } from "@/components/StateTag";
import { ThinBar } from "@/components/ThinBar";
import { useMoveName } from "@/components/useMoveName";
import { doneOf, hasRun, isWorking, toneOf } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

/** A move as one line of a list: name, state, how far, since when. */
export function MoveRow({ move }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useMoveName()(move);
  const { counts } = move.progress;
  const working = isWorking(move.state);
  const needs = move.mailboxes.filter((m) => m.state === "failed").length;
  const news = useNews(move, needs);
  const when = move.ended || move.started || move.created;
  return (
    <li className="move-row">
      <Link href={`/move/${move.id}`} className="move-row-link">
        <span className="move-row-name">{name}</span>
        <StateTag tone={toneOf(move.state)}>{t(`move.state.${move.state}`)}</StateTag>
      </Link>
      <span className="faint tabular">
        {hasRun(move.state) && counts.messages > 0
          ? t("move.list.amount", {
              done: format.number(doneOf(counts)),
              all: format.number(counts.messages),
            })
          : t("move.list.mailboxes", { count: move.mailboxes.length })}
        {" · "}
        {format.moment(when)}
        {news && <span className={needs > 0 ? "bad" : undefined}>{` · ${news}`}</span>}
        {move.can.goOn && <span className="move-row-next"> {t("move.list.goOn")}</span>}
      </span>
      {working && (
        <ThinBar
          label={name}
          done={doneOf(counts)}
          all={counts.messages}
          open={counts.messages === 0}
          tone={toneOf(move.state)}
        />
      )}
    </li>
  );
}

/** What matters most about a move now: trouble, when it goes on, when it will be done. */
function useNews(move: Move, needs: number): string {
  const { t } = useTranslation();
  const format = useFormat();
  if (needs > 0) return t("run.row.trouble", { count: needs });
  if (move.state === "scheduled" && move.next > 0)
    return t("run.row.next", { time: format.dayAndClock(move.next) });
  if (isWorking(move.state) && move.finish.at > 0)
    return t("run.row.finish", { time: format.dayAndClock(move.finish.at) });
  if (move.next > 0) return t("run.row.again", { time: format.dayAndClock(move.next) });
  return "";
}
