import { FilePdfOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { RecordLanguage } from "@/api/records";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { ReportList } from "@/features/records/stats/ReportList";
import { useFormat } from "@/lib/useFormat";

/** The report of a month: made into the folder of reports, or saved somewhere else. */
export function ReportCard({ office }: { office: OfficeInfo }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const { message } = App.useApp();
  const { data: state } = useQuery({
    queryKey: keys.recordState(office.id),
    queryFn: () => client.recordSources.state(office.id),
  });
  const format = useFormat();
  const months = state?.months ?? [];
  const [chosen, setChosen] = useState("");
  const [both, setBoth] = useState(false);
  const [busy, setBusy] = useState<"" | "make" | "save">("");
  const [trouble, setTrouble] = useState<Problem>();
  // The last month that has ended is what is usually wanted.
  const month = chosen || months[1] || months[0] || "";
  function save() {
    setBusy("save");
    setTrouble(undefined);
    client.recordStats
      .report(office.id, month, i18n.language as RecordLanguage, both)
      .then((path) => {
        if (path) void message.success(t("recordsPage.report.saved", { path }), 6);
      })
      .catch((e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(""));
  }
  function make() {
    setBusy("make");
    setTrouble(undefined);
    client.recordReports
      .make(office.id, month)
      .then((next) => cache.setQueryData(keys.reports(office.id), next))
      .catch((e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(""));
  }
  if (months.length === 0) return null;
  return (
    <section className="card" aria-labelledby={`${id}-t`}>
      <h2 id={`${id}-t`}>{t("recordsPage.report.title")}</h2>
      <p className="faint">{t("recordsPage.report.lead")}</p>
      <div className="row wrap">
        <label htmlFor={`${id}-m`}>{t("recordsPage.report.month")}</label>
        <Select
          id={`${id}-m`}
          className="month-select"
          value={month}
          options={months.map((m) => ({ value: m, label: format.month(m) }))}
          onChange={setChosen}
        />
        <Button type="primary" loading={busy === "make"} disabled={busy === "save"} onClick={make}>
          {t("recordsPage.report.make")}
        </Button>
        <Button
          icon={<FilePdfOutlined aria-hidden />}
          loading={busy === "save"}
          disabled={busy === "make"}
          onClick={save}
        >
          {t("recordsPage.report.save")}
        </Button>
        <Checkbox checked={both} onChange={(e) => setBoth(e.target.checked)}>
          {t("recordsPage.report.both")}
        </Checkbox>
      </div>
      {trouble && <TroubleCard problem={trouble} />}
      <ReportList office={office} />
    </section>
  );
}
