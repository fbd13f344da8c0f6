import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Move } from "@/api/types";
import { useMoves } from "@/api/useMoves";
import { Ring } from "@/components/Ring";
import { ThinBar } from "@/components/ThinBar";
import { useMoveName } from "@/components/useMoveName";
import { doneOf, isWorking } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

/** What is running now, seen from every page. */
export function WorkIndicator() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: moves = [] } = useMoves();
  const working = moves.filter((m) => isWorking(m.state));
  if (working.length === 0) return null;
  const done = working.reduce((sum, m) => sum + doneOf(m.progress.counts), 0);
  const all = working.reduce((sum, m) => sum + m.progress.counts.messages, 0);
  // A name begins with what can be seen, for those who speak to their computer.
  const shown = all > 0 ? format.percent(done, all) : t("top.starting");
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <ul className="work-list">
          {working.map((move) => (
            <WorkRow key={move.id} move={move} />
          ))}
        </ul>
      }
    >
      <Button
        type="text"
        className="work"
        aria-label={`${shown} ${t("top.working", { count: working.length })}`}
      >
        <Ring done={done} all={all} />
        <span className="tabular">{shown}</span>
      </Button>
    </Popover>
  );
}

function WorkRow({ move }: { move: Move }) {
  const { t } = useTranslation();
  const name = useMoveName();
  const { counts } = move.progress;
  return (
    <li>
      <Link href={`/move/${move.id}`}>{name(move)}</Link>
      <small>{t(`move.state.${move.state}`)}</small>
      <ThinBar label={name(move)} done={doneOf(counts)} all={counts.messages} />
    </li>
  );
}
