import { FolderOpenOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { MonthReport } from "@/api/records";
import { troubleText } from "@/components/trouble";
import { useFormat } from "@/lib/useFormat";

const languages = ["zh-CN", "en"] as const;

/** The reports that were made, to be opened; and whether they are made by themselves. */
export function ReportList({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const { data: state } = useQuery({
    queryKey: keys.reports(office.id),
    queryFn: () => client.recordReports.state(office.id),
  });
  const fail = (e: unknown) => void message.error(troubleText(t, problemOf(e)).what);
  if (!state) return null;
  return (
    <>
      <Checkbox
        checked={state.auto}
        onChange={(e) =>
          void client.recordReports
            .setAuto(office.id, e.target.checked)
            .then((next) => cache.setQueryData(keys.reports(office.id), next))
            .catch(fail)
        }
      >
        {t("recordsPage.report.auto")}
      </Checkbox>
      {state.made.length === 0 ? (
        <p className="faint">{t("recordsPage.report.none")}</p>
      ) : (
        <table className="plain-table report-table" aria-label={t("recordsPage.report.list")}>
          <thead>
            <tr>
              <th scope="col">{t("recordsPage.report.month")}</th>
              <th scope="col">{t("recordsPage.report.made")}</th>
              {languages.map((l) => (
                <th scope="col" key={l}>
                  {t(`recordsPage.report.in.${l}`)}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">{t("recordsPage.report.folder")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {state.made.map((m) => (
              <Row
                key={m.month}
                report={m}
                onShow={(name) => void client.recordReports.show(office.id, m.month, name).catch(fail)}
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Row({ report: m, onShow }: { report: MonthReport; onShow: (name: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr>
      <th scope="row" className="tabular">
        {format.month(m.month)}
      </th>
      <td>
        {format.moment(m.made)}
        {m.gaps > 0 && (
          <>
            {" "}
            <span className="warn">{t("recordsPage.report.gaps", { count: m.gaps })}</span>
          </>
        )}
      </td>
      {m.files.length === 0 ? (
        <td colSpan={languages.length} className="faint">
          {t("recordsPage.report.gone")}
        </td>
      ) : (
        languages.map((l) => (
          <td key={l}>
            <span className="row tight">
              {m.files
                .filter((f) => f.language === l)
                .map((f) => (
                  <button
                    key={f.name}
                    type="button"
                    className="link"
                    aria-label={`${f.name}`}
                    onClick={() => onShow(f.name)}
                  >
                    {t(`recordsPage.report.format.${f.format as "pdf" | "html" | "xlsx"}`)}
                  </button>
                ))}
            </span>
          </td>
        ))
      )}
      <td>
        {m.files.length > 0 && (
          <Button size="small" icon={<FolderOpenOutlined aria-hidden />} onClick={() => onShow("")}>
            {t("recordsPage.report.folder")}
          </Button>
        )}
      </td>
    </tr>
  );
}
