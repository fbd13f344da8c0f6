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
