import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordState, RecordsProgress } from "@/api/records";
import type { Problem } from "@/api/types";
import { useMakerName } from "@/components/office/useOffice";
import { ThinBar } from "@/components/ThinBar";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/features/move/VaultGate";
import { useRecordText } from "@/features/records/useRecordText";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

const anHour = 3_600_000;

/** Fetches now, shows how far it is, and stops. */
export function FetchCard({ office, state }: { office: OfficeInfo; state: RecordState }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const code = useCodeText();
  const maker = useMakerName();
  const [trouble, setTrouble] = useState<Problem>();
  // Written by the event bridge.
  const { data: progress } = useQuery<RecordsProgress | null>({
    queryKey: keys.recordProgress(office.id),
    queryFn: () => null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const running = progress ? progress.running : state.running;
  async function act(what: "fetch" | "stop") {
    setTrouble(undefined);
    try {
      if (what === "fetch" && office.provider !== "practice" && !(await openVault())) return;
      cache.setQueryData(keys.recordProgress(office.id), null);
      cache.setQueryData(keys.recordState(office.id), await client.recordSources[what](office.id));
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  const shown = trouble ?? (running ? undefined : progress?.problem);
  return (
    <section className="card" aria-labelledby="fetch-title">
      <div className="row">
        <div className="grow">
          <h2 id="fetch-title">{t("recordsPage.fetch.title", { provider: maker(office.provider) })}</h2>
          <p className="faint">
            {state.canFetch
              ? t(state.sources.length > 0 ? "recordsPage.fetch.schedule" : "recordsPage.fetch.first")
              : `${t("recordsPage.fetch.cannot")} ${state.why ? code("officeReason", state.why, { provider: maker(office.provider) }) : ""}`}
          </p>
        </div>
        {state.canFetch &&
          (running ? (
            <Button onClick={() => void act("stop")}>{t("recordsPage.fetch.stop")}</Button>
          ) : (
            <Button type="primary" onClick={() => void act("fetch")}>
              {t("recordsPage.fetch.now")}
            </Button>
          ))}
      </div>
      {running && <Progress office={office} progress={progress ?? undefined} />}
      {shown && <TroubleCard problem={shown} acts={{ again: () => void act("fetch") }} />}
    </section>
  );
}

function Progress({ office, progress: p }: { office: OfficeInfo; progress?: RecordsProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const maker = useMakerName();
  const text = useRecordText(office.id);
  if (!p?.kind) return <p role="status">{t("recordsPage.fetch.beginning")}</p>;
  const day = format.date(p.from);
  return (
    <div className="stack-tight">
      <p role="status">
        {t(p.person ? "recordsPage.fetch.doingOne" : "recordsPage.fetch.doing", {
          kind: text.kind(p.kind),
          day,
          person: text.who(p.person),
          rows: format.number(p.rows),
          new: format.number(p.new),
        })}
      </p>
      <ThinBar done={p.done} all={Math.max(1, p.all)} label={t("recordsPage.fetch.progress")} />
      <p className="faint">
        {p.left > 0 && `${t("recordsPage.fetch.left", { left: format.duration(p.left / 1000) })} `}
        {p.pace > 0 &&
          t("recordsPage.fetch.pace", { provider: maker(office.provider), pace: format.number(p.pace) })}
      </p>
      {p.to < Date.now() - anHour && (
        <p className="faint">{t("recordsPage.fetch.already", { day: format.date(p.to) })}</p>
      )}
    </div>
  );
}
