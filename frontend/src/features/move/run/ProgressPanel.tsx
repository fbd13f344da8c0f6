import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";
import { Figure } from "@/components/Figure";
import { ThinBar } from "@/components/ThinBar";
import { useDoing } from "@/features/move/run/useDoing";
import { doneOf, isWorking, toneOf } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

/** Amount, speed, time left, and what is being done now. */
export function ProgressPanel({ move }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const doing = useDoing();
  const p = move.progress;
  const done = doneOf(p.counts);
  const working = isWorking(move.state);
  const busy = p.mailboxes.find((m) => m.state === "running" || m.state === "waiting");
  const waiting = p.mailboxes.find((m) => m.state === "waiting" || m.phase === "waiting");
  const listing = p.counts.messages === 0;
  const leftText = (ms: number) => (ms < 1500 ? t("move.run.almost") : format.duration(ms / 1000));
  return (
    <section className="card progress" aria-labelledby="progress-title">
      <h2 id="progress-title" className="visually-hidden">
        {t("move.run.progress")}
      </h2>
      <div className="progress-head">
        <span className="progress-share tabular">
          {listing ? "…" : format.percent(done, p.counts.messages)}
        </span>
        <span className="grow">
          {listing
            ? t("move.run.listing")
            : t("move.run.amount", { done: format.number(done), all: format.number(p.counts.messages) })}
        </span>
      </div>
      <ThinBar
        label={t("move.run.progress")}
        done={done}
        all={p.counts.messages}
        open={working && listing}
        tone={toneOf(move.state)}
      />
      <p className="doing" role="status">
        {move.state === "paused" || move.state === "interrupted"
          ? t(`move.run.${move.state}`)
          : doing(waiting ?? busy, move.state)}
      </p>
      <dl className="figures plain">
        <Figure
          label={t("move.run.bytes")}
          value={format.bytes(p.bytesDone)}
          note={p.bytesTotal > 0 ? t("move.run.ofBytes", { all: format.bytes(p.bytesTotal) }) : undefined}
        />
        <Figure
          label={t("move.run.speed")}
          value={working ? t("move.run.perSecond", { n: format.number(p.perSecond) }) : "–"}
          note={working ? t("move.run.bytesPerSecond", { size: format.bytes(p.bytesRate) }) : undefined}
        />
        <Figure
          label={t("move.run.left")}
          value={working && p.etaMs >= 0 ? leftText(p.etaMs) : "–"}
          note={
            working && p.etaMs > 60_000
              ? t("move.run.until", { time: format.clock(Date.now() + p.etaMs) })
              : undefined
          }
        />
        <Figure
          label={t("move.run.leftBehind")}
          value={format.number(p.counts.leftBehind)}
          tone={p.counts.leftBehind > 0 ? "warn" : "calm"}
          note={
            p.counts.alreadyThere > 0
              ? t("move.run.alreadyThere", { n: format.number(p.counts.alreadyThere) })
              : undefined
          }
        />
      </dl>
    </section>
  );
}
