import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordsProgress } from "@/api/records";
import { useRecordText } from "@/components/records/useRecordText";
import { ThinBar } from "@/components/ThinBar";
import { useFormat } from "@/lib/useFormat";

/** What the round over an office's source is doing now, as the events tell it. */
export function useRecordsProgress(officeId: string): RecordsProgress | null | undefined {
  const { data } = useQuery<RecordsProgress | null>({
    queryKey: keys.recordProgress(officeId),
    queryFn: () => null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** While the very first round is at work: how far it is, and the way to stop it. */
export function FetchLine({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const p = useRecordsProgress(office.id);
  if (!p?.running || !p.first) return null;
  return (
    <div className="notice row wrap">
      <div className="grow stack-tight">
        <strong>{t("recordsPage.fetch.firstRound")}</strong>
        <RoundProgress office={office} progress={p} />
      </div>
      <Button size="small" onClick={() => void client.recordSources.stop(office.id).catch(() => undefined)}>
        {t("recordsPage.fetch.stop")}
      </Button>
    </div>
  );
}

const anHour = 3_600_000;

/** How far a round is, how long the rest takes, and what can be asked about already. */
export function RoundProgress({ office, progress: p }: { office: OfficeInfo; progress?: RecordsProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useRecordText(office.id);
  if (!p?.kind) return <p role="status">{t("recordsPage.fetch.beginning")}</p>;
  return (
    <>
      <p role="status">
        {t(p.person ? "recordsPage.fetch.doingOne" : "recordsPage.fetch.doing", {
          kind: text.kind(p.kind),
          day: text.date(p.from),
          person: text.who(p.person),
          rows: format.number(p.rows),
          new: format.number(p.new),
        })}
      </p>
      <ThinBar done={p.done} all={Math.max(1, p.all)} label={t("recordsPage.fetch.progress")} />
      <p className="faint">
        {p.left >= 1000 && `${t("recordsPage.fetch.left", { left: format.duration(p.left / 1000) })} `}
        {p.pace > 0 && t("recordsPage.fetch.pace", { pace: format.number(p.pace) })}
      </p>
      {p.to < Date.now() - anHour && (
        <p className="faint">{t("recordsPage.fetch.already", { day: text.date(p.to) })}</p>
      )}
    </>
  );
}
