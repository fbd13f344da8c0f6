import { BarChartOutlined, FolderOpenOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { EmptyState } from "@/components/EmptyState";
import { base64Of } from "@/components/file/fileBytes";
import { useFileDrop } from "@/components/file/useFileDrop";
import { TroubleCard } from "@/components/TroubleCard";
import { DomainReports } from "@/features/doctor/reports/DomainReports";
import { type ReportFile, useReports } from "@/features/doctor/reports/useReports";

/** DMARC reports: who sends as us, and whether the policy can be raised. */
export function ReportsPage() {
  const { t } = useTranslation();
  const { files, reports, skipped, trouble, busy, add, clear } = useReports();
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("dmarcReports.title")}</h2>
        <p className="lead">{t("dmarcReports.lead")}</p>
      </div>
      <ReportEntry onFiles={add} busy={busy} some={files.length > 0} onClear={clear} />
      {skipped.length > 0 && (
        <p className="warn" role="status">
          {t("dmarcReports.skipped", { count: skipped.length, files: skipped.join(", ") })}
        </p>
      )}
      {trouble && <TroubleCard problem={trouble} />}
      {reports.map((r) => (
        <DomainReports key={r.domain} reports={r} />
      ))}
      {reports.length === 0 && !trouble && !busy && (
        <EmptyState icon={<BarChartOutlined />} title={t("dmarcReports.empty.title")}>
          <p>{t("dmarcReports.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}

interface EntryProps {
  onFiles: (files: ReportFile[]) => void;
  onClear: () => void;
  busy: boolean;
  some: boolean;
}

const nameOf = (path: string) => path.split(/[\\/]/).pop() ?? path;
const byPath = (path: string): ReportFile => ({ name: nameOf(path), input: { text: "", path, base64: "" } });
const byBytes = async (file: File): Promise<ReportFile> => ({
  name: file.name,
  input: { text: "", path: "", base64: await base64Of(file) },
});

/** Takes files: chosen, or dropped on the window. */
function ReportEntry({ onFiles, onClear, busy, some }: EntryProps) {
  const { t } = useTranslation();
  const client = useClient();
  const { over, area } = useFileDrop(
    (paths) => onFiles(paths.map(byPath)),
    (files) => void Promise.all(files.map(byBytes)).then(onFiles),
  );
  async function pick() {
    const paths = await client.exams.pickReports().catch(() => []);
    onFiles(paths.map(byPath));
  }
  return (
    <section
      className={over ? "card mail-entry over" : "card mail-entry"}
      aria-label={t("dmarcReports.area")}
      {...area}
    >
      <div className="row wrap">
        <Button
          type="primary"
          icon={<FolderOpenOutlined aria-hidden />}
          loading={busy}
          onClick={() => void pick()}
        >
          {some ? t("dmarcReports.more") : t("dmarcReports.choose")}
        </Button>
        {some && <Button onClick={onClear}>{t("dmarcReports.clear")}</Button>}
        <span className="faint drop-hint">{t("dmarcReports.drop")}</span>
      </div>
    </section>
  );
}
