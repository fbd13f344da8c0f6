import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { Problem } from "@/api/types";
import { useRecordZone } from "@/components/records/useRecordZone";
import { TroubleCard } from "@/components/TroubleCard";
import { ZoneSelect } from "@/features/records/sources/ZoneSelect";

/** The zone of the office's days and months. */
export function ZoneCard({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const zone = useRecordZone(office.id);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  if (!zone) return null;
  function choose(name: string) {
    setBusy(true);
    setTrouble(undefined);
    client.recordSources
      .setZone(office.id, name)
      .then((next) => {
        cache.setQueryData(keys.recordZone(office.id), next);
        void cache.invalidateQueries({ queryKey: keys.recordsOf(office.id) });
      })
      .catch((e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(false));
  }
  return (
    <section className="card" aria-labelledby={`${id}-t`}>
      <h2 id={`${id}-t`}>{t("recordsPage.zone.title")}</h2>
      <div className="row wrap">
        <label htmlFor={`${id}-z`}>{t("recordsPage.zone.label")}</label>
        <ZoneSelect id={`${id}-z`} zone={zone} value={zone.name} disabled={busy} onChange={choose} />
        <span className="faint" role="status">
          {busy ? t("recordsPage.zone.busy") : zone.vendor === zone.name && t("recordsPage.zone.vendor")}
        </span>
      </div>
      <p className="faint">{t("recordsPage.zone.hint")}</p>
      {trouble && <TroubleCard problem={trouble} />}
    </section>
  );
}
