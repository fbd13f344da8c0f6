import { FolderOpenOutlined, InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { LogFile, LogFolder, RecordState } from "@/api/records";
import type { Problem } from "@/api/types";
import { useRecordZone } from "@/components/records/useRecordZone";
import { useZoneName } from "@/components/records/useZoneName";
import { ThinBar } from "@/components/ThinBar";
import { TroubleCard } from "@/components/TroubleCard";
import { LogResults } from "@/features/records/sources/LogResults";
import { ZoneSelect } from "@/features/records/sources/ZoneSelect";

interface Props {
  office: OfficeInfo;
  folders: LogFolder[];
}

/** Logs of servers of the office's own: from files, or from a folder that is watched. */
export function LogFiles({ office, folders }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const request = useRef("");
  const [busy, setBusy] = useState<{ done: number; all: number; name: string }>();
  const [results, setResults] = useState<LogFile[]>([]);
  const [trouble, setTrouble] = useState<Problem>();
  const id = useId();
  const zone = useRecordZone(office.id);
  const named = useZoneName();
  const [linesZone, setLinesZone] = useState("");

  async function read(paths: string[]) {
    if (paths.length === 0 || busy) return;
    setTrouble(undefined);
    const all: LogFile[] = [];
    request.current = "";
    try {
      // One call a file, so that each one's end is seen and a stop keeps what was read.
      for (const [i, path] of paths.entries()) {
        if (request.current === "stopped") break;
        setBusy({ done: i, all: paths.length, name: path });
        request.current = crypto.randomUUID();
        all.push(...(await client.recordSources.readFiles(request.current, office.id, [path], linesZone)));
        setResults([...all]);
      }
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
    } finally {
      setBusy(undefined);
      void cache.invalidateQueries({ queryKey: keys.recordsOf(office.id) });
    }
  }
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => client.readers.onFiles((paths) => void latest.current(paths)), [client]);

  function stop() {
    const running = request.current;
    request.current = "stopped";
    void client.app.cancel(running).catch(() => undefined);
  }
  const pick = () =>
    client.recordSources
      .pickFiles()
      .then((paths) => read(paths))
      .catch((e: unknown) => setTrouble(problemOf(e)));
  const watch = (change: Promise<RecordState>) =>
    void change
      .then((state) => cache.setQueryData(keys.recordState(office.id), state))
      .catch((e: unknown) => setTrouble(problemOf(e)));

  return (
    <section className="card" aria-labelledby="logs-title">
      <h2 id="logs-title">{t("recordsPage.logs.title")}</h2>
      <p className="faint">{t("recordsPage.logs.lead")}</p>
      <div className="row wrap">
        {busy ? (
          <Button onClick={stop}>{t("recordsPage.logs.stop")}</Button>
        ) : (
          <Button icon={<InboxOutlined aria-hidden />} onClick={() => void pick()}>
            {t("recordsPage.logs.pick")}
          </Button>
        )}
        <Button
          icon={<FolderOpenOutlined aria-hidden />}
          onClick={() => watch(client.recordSources.watchFolder(office.id, linesZone))}
        >
          {t("recordsPage.logs.watch")}
        </Button>
        <span className="faint">{t("recordsPage.logs.drop")}</span>
      </div>
      {zone && (
        <div className="row wrap">
          <label htmlFor={`${id}-z`}>{t("recordsPage.zone.lines")}</label>
          <ZoneSelect
            id={`${id}-z`}
            zone={zone}
            value={linesZone}
            none={t("recordsPage.zone.offices", { zone: named(zone.name) })}
            disabled={busy !== undefined}
            onChange={setLinesZone}
          />
        </div>
      )}
      {busy && (
        <div className="stack-tight">
          <p role="status" className="clip">
            {t("recordsPage.logs.reading", { name: busy.name })}
          </p>
          <ThinBar
            done={busy.done}
            all={busy.all}
            open={busy.all === 1}
            label={t("recordsPage.logs.progress")}
          />
        </div>
      )}
      {trouble && <TroubleCard problem={trouble} />}
      {results.length > 0 && <LogResults results={results} />}
      {folders.length > 0 && (
        <ul className="folders" aria-label={t("recordsPage.logs.watched")}>
          {folders.map(({ path: dir, zone: own }) => (
            <li key={dir} className="row">
              <span className="grow clip" title={dir}>
                {t("recordsPage.logs.watching", { dir })}
                {own && t("recordsPage.zone.folder", { zone: named(own) })}
              </span>
              <Button
                size="small"
                aria-label={t("recordsPage.logs.unwatchOne", { dir })}
                onClick={() => watch(client.recordSources.unwatchFolder(office.id, dir))}
              >
                {t("recordsPage.logs.unwatch")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
