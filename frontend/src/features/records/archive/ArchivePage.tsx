import { HddOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { ArchiveReport, ArchiveState } from "@/api/records";
import type { Problem } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { openShelf } from "@/components/records/useShelf";
import { ThinBar } from "@/components/ThinBar";
import { TroubleCard } from "@/components/TroubleCard";
import { KeepRule } from "@/features/records/archive/KeepRule";
import { MonthTable } from "@/features/records/archive/MonthTable";
import { Verified } from "@/features/records/archive/Verified";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

type Work = "create" | "verify" | "open" | "choose";

/** Past months kept beyond doubt: made, verified, opened again, deleted by rule. */
export function ArchivePage({ office, now }: { office: OfficeInfo; now?: boolean }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const request = useRef("");
  const [busy, setBusy] = useState<Work | "">("");
  const [verified, setVerified] = useState<ArchiveReport>();
  const [trouble, setTrouble] = useState<Problem>();
  const { data: state, error } = useQuery({
    queryKey: keys.archive(office.id),
    queryFn: () => client.recordArchives.state(office.id),
  });
  const take = (next: ArchiveState) => cache.setQueryData(keys.archive(office.id), next);

  async function work(what: Work, act: (id: string) => Promise<void>) {
    request.current = crypto.randomUUID();
    setBusy(what);
    setTrouble(undefined);
    try {
      await act(request.current);
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
      void cache.invalidateQueries({ queryKey: keys.archive(office.id) });
    } finally {
      setBusy("");
    }
  }
  const choose = () => work("choose", async () => void take(await client.recordArchives.choose(office.id)));
  const create = () =>
    work("create", async (id) => {
      setVerified(undefined);
      take(await client.recordArchives.create(id, office.id));
    });
  const verify = () =>
    work("verify", async (id) => setVerified(await client.recordArchives.verify(id, office.id)));
  const open = () =>
    work("open", async (id) => {
      const shelf = await client.recordArchives.open(id);
      if (!shelf) return;
      openShelf({ shelf });
      go("/records/search");
    });

  // The reminder's one click: what is due is archived without another.
  const due = state !== undefined && state.folder !== "" && state.due.length > 0;
  const begin = useRef(create);
  begin.current = create;
  useEffect(() => {
    if (!now || !state) return;
    go("/records/archive", { replace: true });
    if (due) void begin.current();
  }, [now, state, due, go]);

  if (error && !state)
    return <TroubleCard problem={problemOf(error)} acts={{ again: () => void choose() }} />;
  if (!state) return <Skeleton active />;
  return (
    <section className="stack" aria-label={t("recordsPage.section.archive")}>
      {state.folder === "" ? (
        <EmptyState icon={<HddOutlined aria-hidden />} title={t("recordsPage.archive.empty")}>
          <p>{t("recordsPage.archive.emptyText")}</p>
          <div className="row wrap centred">
            <Button type="primary" loading={busy === "choose"} onClick={() => void choose()}>
              {t("recordsPage.archive.choose")}
            </Button>
            <Button loading={busy === "open"} onClick={() => void open()}>
              {t("recordsPage.archive.open")}
            </Button>
          </div>
        </EmptyState>
      ) : (
        <>
          <section className="card" aria-labelledby="archive-title">
            <h2 id="archive-title">{t("recordsPage.archive.title")}</h2>
            <p className="clip" title={state.folder}>
              {t("recordsPage.archive.folder", { dir: state.folder })}{" "}
              <button type="button" className="link" onClick={() => void choose()}>
                {t("recordsPage.archive.chooseOther")}
              </button>
            </p>
            <Due state={state} />
            <div className="row wrap">
              <Button
                type="primary"
                disabled={state.due.length === 0 || busy !== ""}
                onClick={() => void create()}
              >
                {t("recordsPage.archive.create")}
              </Button>
              <Button disabled={state.months.length === 0 || busy !== ""} onClick={() => void verify()}>
                {t("recordsPage.archive.verify")}
              </Button>
              <Button disabled={busy !== ""} onClick={() => void open()}>
                {t("recordsPage.archive.open")}
              </Button>
            </div>
            {(busy === "create" || busy === "verify" || busy === "open") && (
              <div className="stack-tight">
                <p role="status">{t(`recordsPage.archive.busy.${busy}`)}</p>
                <ThinBar done={0} all={1} open label={t(`recordsPage.archive.busy.${busy}`)} />
                <div className="row">
                  <Button
                    size="small"
                    onClick={() => void client.app.cancel(request.current).catch(() => undefined)}
                  >
                    {t("recordsPage.fetch.stop")}
                  </Button>
                </div>
              </div>
            )}
            {verified && <Verified report={verified} />}
          </section>
          <MonthTable months={state.months} />
          <KeepRule office={office} state={state} onState={take} />
        </>
      )}
      {trouble && <TroubleCard problem={trouble} />}
    </section>
  );
}

/** The reminder: months that have ended and are not archived as they are. */
function Due({ state }: { state: ArchiveState }) {
  const { t } = useTranslation();
  const say = useText();
  const format = useFormat();
  const fresh = state.due.filter((d) => d.why === "unarchived").map((d) => d.month);
  const again = state.due.filter((d) => d.why !== "unarchived");
  if (state.due.length === 0) return <p className="good">{t("recordsPage.archive.upToDate")}</p>;
  return (
    <div className="notice">
      {fresh.length > 0 && (
        <p>
          {t("recordsPage.archive.due", {
            count: fresh.length,
            from: format.month(fresh[0] ?? ""),
            to: format.month(fresh.at(-1) ?? ""),
          })}
        </p>
      )}
      {again.length > 0 && (
        <ul className="points" aria-label={t("recordsPage.archive.again")}>
          {again.map((d) => (
            <li key={d.month}>{[format.month(d.month), say(`records.archiveWhy.${d.why}`)].join(" · ")}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
