import { ClockCircleOutlined, DisconnectOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { atOnce } from "@/api/usualOptions";
import type { useMoveAct } from "@/features/move/useMoveAct";
import { isWorking } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  act: ReturnType<typeof useMoveAct>;
}

/** What comes next by itself, and who is away now. */
export function NextLine({ move, act }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { away, awayHost } = move.progress;
  return (
    <>
      {isWorking(move.state) && (away === "offline" || away === "server_away") && (
        <p className="notice away" role="status">
          <DisconnectOutlined aria-hidden />{" "}
          {away === "offline" ? t("run.away.offline") : t("run.away.server", { host: awayHost })}
        </p>
      )}
      {move.state === "scheduled" && move.next > 0 && (
        <div className="notice next-line" role="status">
          <ClockCircleOutlined aria-hidden />
          <span className="grow">
            {t(move.hold === "budget" ? "run.next.budget" : "run.next.hours", {
              time: format.dayAndClock(move.next),
            })}
          </span>
          <Button
            size="small"
            loading={act.busy}
            onClick={() =>
              void act.runs((r) =>
                r.setWhen(move.id, { ...atOnce, zone: move.options.schedule.zone }, move.options.repeat),
              )
            }
          >
            {t("run.next.now")}
          </Button>
        </div>
      )}
      {!isWorking(move.state) && move.next > 0 && (
        <p className="notice next-line" role="status">
          <ClockCircleOutlined aria-hidden /> {t("run.next.again", { time: format.dayAndClock(move.next) })}
        </p>
      )}
    </>
  );
}
