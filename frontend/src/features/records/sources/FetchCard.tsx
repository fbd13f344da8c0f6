import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordState } from "@/api/records";
import type { Problem } from "@/api/types";
import { useMakerName } from "@/components/office/useOffice";
import { RoundProgress, useRecordsProgress } from "@/components/records/FetchLine";
import { useRecordZone } from "@/components/records/useRecordZone";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault } from "@/components/vault/VaultGate";
import { ScheduleForm } from "@/features/records/sources/ScheduleForm";
import { useCodeText } from "@/lib/codeText";
import { useFormatIn } from "@/lib/useFormat";

/** Fetches now, shows how far it is, and stops. */
export function FetchCard({ office, state }: { office: OfficeInfo; state: RecordState }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const openVault = useOpenVault();
  const code = useCodeText();
  const maker = useMakerName();
  const format = useFormatIn(useRecordZone(office.id)?.name);
  const [trouble, setTrouble] = useState<Problem>();
  const progress = useRecordsProgress(office.id);
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
  const when = [
    state.last === 0
      ? t("recordsPage.fetch.first")
      : t("recordsPage.fetch.last", { at: format.moment(state.last) }),
    state.barred
      ? t("recordsPage.fetch.barred")
      : state.next > 0 && !running && t("recordsPage.fetch.next", { at: format.moment(state.next) }),
  ]
    .filter(Boolean)
    .join(" ");
  const shown = trouble ?? (running ? undefined : progress?.problem);
  return (
    <section className="card" aria-labelledby="fetch-title">
      <div className="row">
        <div className="grow">
          <h2 id="fetch-title">{t("recordsPage.fetch.title", { provider: maker(office.provider) })}</h2>
          <p className="faint">
            {state.canFetch
              ? when
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
      {running && (
        <div className="stack-tight">
          <RoundProgress office={office} progress={progress ?? undefined} />
        </div>
      )}
      {state.canFetch && (
        <ScheduleForm
          office={office}
          state={state}
          onState={(next) => cache.setQueryData(keys.recordState(office.id), next)}
        />
      )}
      {shown && <TroubleCard problem={shown} acts={{ again: () => void act("fetch") }} />}
    </section>
  );
}
