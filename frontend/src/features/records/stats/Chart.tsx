import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAppearance } from "@/lib/preferences";
import { useFormat } from "@/lib/useFormat";

/** One line or row of bars; null where a day tells nothing. */
export interface Series {
  name: string;
  color: "accent" | "info" | "bad" | "warn";
  values: (number | null)[];
}

interface Props {
  title: string;
  kind: "line" | "bar";
  days: string[];
  series: Series[];
  /** A value for people. */
  say: (n: number) => string;
  /** The values are sizes: the axis goes up in steps of 1024. */
  bytes?: boolean;
}

/** A chart, and its numbers as a table for who cannot see it. */
export function Chart({ title, kind, days, series, say, bytes = false }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const appearance = useAppearance();
  const { calendar } = useFormat();
  const sayNow = useRef(say);
  sayNow.current = say;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    let end: () => void = () => undefined;
    void import("@/features/records/stats/echarts").then(({ init }) => {
      if (gone) return;
      const chart = init(element, undefined, { renderer: "svg" });
      chart.setOption(
        optionOf(kind, days.map(calendar), series, (n) => sayNow.current(n), appearance, bytes),
      );
      const watch = new ResizeObserver(() => chart.resize());
      watch.observe(element);
      end = () => {
        watch.disconnect();
        chart.dispose();
      };
    });
    return () => {
      gone = true;
      end();
    };
  }, [kind, days, series, appearance, calendar, bytes]);
  return (
    <figure className="card chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <div ref={box} className="chart-box" role="img" aria-label={t("recordsPage.stats.chart", { title })} />
      <details className="folded">
        <summary>{t("recordsPage.stats.asTable")}</summary>
        {/* A region that scrolls must be reachable by keys. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the scrolling region itself */}
        <div className="chart-table" tabIndex={0} role="region" aria-label={title}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t("recordsPage.stats.day")}</th>
                {series.map((s) => (
                  <th scope="col" key={s.name}>
                    {s.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, i) => (
                <tr key={day}>
                  <th scope="row" className="tabular">
                    {calendar(day)}
                  </th>
                  {series.map((s) => (
                    <td key={s.name} className="tabular">
                      {s.values[i] == null ? "–" : say(s.values[i])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** What ECharts draws, in the colours of the house. */
function optionOf(
  kind: "line" | "bar",
  days: string[],
  series: Series[],
  say: (n: number) => string,
  appearance: string,
  bytes: boolean,
) {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const names = { accent: "accent-text", info: "info", bad: "bad", warn: "warn" } as const;
  const label = { color: color("text-faint"), fontFamily: "inherit" };
  return {
    animation: false,
    darkMode: appearance === "dark",
    textStyle: { fontFamily: getComputedStyle(document.querySelector(".app") ?? document.body).fontFamily },
    grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: color("text") }, itemGap: 18 },
    tooltip: {
      trigger: "axis",
      backgroundColor: color("raised"),
      borderColor: color("line"),
      textStyle: { color: color("text") },
      valueFormatter: (v: unknown) => (typeof v === "number" ? say(v) : "–"),
    },
    xAxis: {
      type: "category",
      data: days,
      axisLabel: { ...label, interval: everyNth(days.length) },
      axisLine: { lineStyle: { color: color("line") } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      ...(bytes ? bytesAxis(series) : {}),
      axisLabel: { ...label, formatter: (v: number) => say(v) },
      splitLine: { lineStyle: { color: color("line-soft") } },
    },
    series: series.map((s) => ({
      name: s.name,
      type: kind,
      data: s.values,
      symbol: "none",
      connectNulls: false,
      barMaxWidth: 22,
      stack: kind === "bar" ? "all" : undefined,
      itemStyle: { color: color(names[s.color]) },
      lineStyle: { width: 2 },
    })),
  };
}

/** Of so many days every how many-th is written, so that there is room between them. */
function everyNth(days: number): number {
  return Math.max(0, Math.ceil(days / 8) - 1);
}

/** An axis of sizes in round steps: 50 GB, not 46.6 GB. */
function bytesAxis(series: Series[]): { interval?: number; max?: number } {
  const most = Math.max(0, ...series.flatMap((s) => s.values.map((v) => v ?? 0)));
  if (most === 0) return {};
  const unit = 1024 ** Math.floor(Math.log(most) / Math.log(1024));
  const top = most / unit;
  const rough = 10 ** Math.floor(Math.log10(top));
  const step = [0.2, 0.5, 1, 2].map((n) => n * rough).find((n) => top / n <= 5) ?? 2 * rough;
  return { interval: step * unit, max: Math.ceil(top / step) * step * unit };
}
