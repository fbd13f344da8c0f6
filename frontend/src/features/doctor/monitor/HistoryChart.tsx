import { useTranslation } from "react-i18next";
import type { MonitorLook } from "@/api/doctor";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

const width = 720;
const height = 46;
const day = 86_400_000;

/** Looks of the last days as a strip of marks, and as a table for who cannot see them. */
export function HistoryChart({ looks, days }: { looks: MonitorLook[]; days: number }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const newest = looks[looks.length - 1]?.at ?? 0;
  const oldest = Math.min(looks[0]?.at ?? 0, newest - day);
  const from = Math.max(oldest, newest - days * day);
  const shown = looks.filter((l) => l.at >= from).slice(-600);
  const x = (at: number) => 4 + ((at - from) / Math.max(1, newest - from)) * (width - 8);
  const good = shown.filter((l) => l.verdict === "pass" || l.verdict === "info").length;
  const label = t("monitor.chart", { good, all: shown.length });
  return (
    <figure className="history">
      <figcaption className="faint">
        {t("monitor.history", { days })} · {label}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
        <line x1="0" y1={height - 1} x2={width} y2={height - 1} className="history-line" />
        {shown.map((l) => (
          <rect
            key={l.at}
            x={x(l.at) - 1.5}
            y={l.verdict === "fail" ? 4 : l.verdict === "warn" ? 16 : l.away ? 36 : 28}
            width="3"
            height={height - 1 - (l.verdict === "fail" ? 4 : l.verdict === "warn" ? 16 : l.away ? 36 : 28)}
            className={`history-${l.away ? "away" : l.verdict}`}
          />
        ))}
      </svg>
      <details className="folded">
        <summary>{t("monitor.table")}</summary>
        <table className="plain-table" aria-label={t("monitor.table")}>
          <thead>
            <tr>
              <th scope="col">{t("monitor.when")}</th>
              <th scope="col">{t("monitor.result")}</th>
              <th scope="col">{t("monitor.took")}</th>
            </tr>
          </thead>
          <tbody>
            {[...shown]
              .reverse()
              .slice(0, 50)
              .map((l) => (
                <tr key={l.at}>
                  <td className="tabular">{format.moment(l.at)}</td>
                  <td>{l.away ? t("monitor.away") : text(`examine.whole.${l.verdict}`)}</td>
                  <td className="tabular">{format.duration(l.took / 1000)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
