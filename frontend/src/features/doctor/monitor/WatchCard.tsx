import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import type { MonitorChange, WatchedDomain } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import { StateTag } from "@/components/StateTag";
import { shortReason } from "@/components/trouble";
import { ChecksField } from "@/features/doctor/monitor/ChecksField";
import { HistoryChart } from "@/features/doctor/monitor/HistoryChart";
import { watchKey } from "@/features/doctor/monitor/MonitorPage";
import { examine } from "@/lib/examine";
import type { Tone } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";
import { type Text, useText } from "@/lib/useText";

const tones: Record<string, Tone> = {
  fail: "bad",
  warn: "warn",
  pass: "good",
  info: "good",
  skipped: "calm",
};
const shownDays = 30;

/** A check's name in the page's language. */
export function checkName(text: Text, check: string): string {
  return text(`doctor.check.${check}.title`, {}, check);
}

/** One watched domain: how it stands, its history, what changed. */
export function WatchCard({ watch: w }: { watch: WatchedDomain }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  const client = useClient();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const history = useQuery({
    queryKey: [...watchKey, w.id, w.last?.at ?? 0],
    queryFn: () => client.monitor.history(w.id, shownDays),
  });

  async function act(f: () => Promise<unknown>) {
    setBusy(true);
    try {
      await f();
    } catch (e) {
      const p = problemOf(e);
      void message.error(shortReason(t, p.class || p.code));
    } finally {
      setBusy(false);
      await cache.invalidateQueries({ queryKey: watchKey });
    }
  }
  return (
    <li className="card watch">
      <div className="row wrap">
        <button type="button" className="link watch-name" onClick={() => go(examine(w.domain))}>
          {w.domain}
        </button>
        {w.last && (
          <StateTag tone={tones[w.last.verdict] ?? "calm"}>
            {w.last.away ? t("monitor.away") : text(`examine.whole.${w.last.verdict}`)}
          </StateTag>
        )}
        <span className="faint">
          {w.last ? t("monitor.last", { when: format.moment(w.last.at) }) : t("monitor.never")}
          {" · "}
          {w.on ? t("monitor.next", { when: format.moment(w.next) }) : t("monitor.paused")}
        </span>
      </div>
      {history.data && history.data.looks.length > 0 && (
        <HistoryChart looks={history.data.looks} days={shownDays} />
      )}
      {history.data && <Changes changes={history.data.changes} />}
      <div className="row wrap">
        <Button size="small" loading={busy} onClick={() => void act(() => client.monitor.lookNow(w.id))}>
          {t("monitor.now")}
        </Button>
        <Button size="small" onClick={() => void act(() => client.monitor.save({ ...w, on: !w.on }))}>
          {w.on ? t("monitor.pause") : t("monitor.resume")}
        </Button>
        <Button size="small" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          {w.only.length === 0 ? t("monitor.usual") : t("monitor.chosen", { count: w.only.length })}
        </Button>
        <Button size="small" type="text" onClick={() => setAsking(true)}>
          {t("monitor.remove")}
        </Button>
      </div>
      {choosing && (
        <ChecksField
          value={w.only}
          onChange={(only) => void act(() => client.monitor.save({ ...w, only }))}
        />
      )}
      <Modal
        open={asking}
        title={t("monitor.removeTitle", { domain: w.domain })}
        okText={t("monitor.remove")}
        cancelText={t("monitor.keep")}
        onCancel={() => setAsking(false)}
        onOk={() => {
          setAsking(false);
          void act(() => client.monitor.remove(w.id));
        }}
      >
        <p>{t("monitor.removeText")}</p>
      </Modal>
    </li>
  );
}

function Changes({ changes }: { changes: MonitorChange[] }) {
  const { t } = useTranslation();
  const text = useText();
  const format = useFormat();
  if (changes.length === 0) return <p className="faint">{t("monitor.noChanges")}</p>;
  return (
    <details className="folded" open={changes.length < 4}>
      <summary>{t("monitor.changes")}</summary>
      <ul className="remarks">
        {changes.slice(0, 50).map((c) => (
          <li key={`${c.at}${c.check}${c.subject}`} className={c.worse ? "bad" : undefined}>
            <span>
              {t("monitor.change", {
                check: checkName(text, c.check),
                from: text(`examine.verdict.${c.from}`),
                to: text(`examine.verdict.${c.to}`),
              })}
            </span>
            <small className="faint">
              {format.moment(c.at)} · {c.subject}
            </small>
          </li>
        ))}
      </ul>
    </details>
  );
}
