import { useTranslation } from "react-i18next";
import type { HeaderHop, HeaderReport } from "@/api/doctor";
import { StateTag } from "@/components/StateTag";
import { useFormat } from "@/lib/useFormat";

/** A wait that people notice, in milliseconds. */
const long = 60_000;

/** The way of a mail, server by server, with what each step took. */
export function WayCard({ report }: { report: HeaderReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const slowest = Math.max(0, ...report.hops.map((h) => h.delay));
  return (
    <section className="card flush" aria-labelledby="way-title">
      <div className="card-head">
        <div className="grow">
          <h3 id="way-title">{t("mailHeader.way.title")}</h3>
          {report.total > 0 && (
            <p className="faint">
              {t("mailHeader.way.total", { duration: format.duration(report.total / 1000) })}
            </p>
          )}
        </div>
      </div>
      {report.hops.length === 0 ? (
        <p className="card-foot faint">{t("mailHeader.way.none")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
        <div className="plain-scroll" tabIndex={0} role="group" aria-labelledby="way-title">
          <table className="plain-table">
            <thead>
              <tr>
                {(["from", "by", "when", "delay", "how"] as const).map((key) => (
                  <th key={key} scope="col">
                    {t(`mailHeader.way.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {report.hops.map((hop) => (
                <Step key={`${hop.raw}${hop.at}`} hop={hop} slow={hop.delay === slowest && slowest >= long} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Step({ hop, slow }: { hop: HeaderHop; slow: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr>
      <td>
        <span className="two-lines">
          <span>{hop.from || hop.fromName || t("mailHeader.way.unnamed")}</span>
          {hop.fromIp && <small>{hop.fromIp}</small>}
        </span>
      </td>
      <td>{hop.by}</td>
      <td className="tabular">{hop.at > 0 ? format.moment(hop.at) : ""}</td>
      <td className="tabular">
        {hop.delay > 0 && format.duration(hop.delay / 1000)}
        {hop.skew > 0 && (
          <StateTag tone="warn">
            {t("mailHeader.way.skew", { duration: format.duration(hop.skew / 1000) })}
          </StateTag>
        )}
        {slow && <StateTag tone="warn">{t("mailHeader.way.slow")}</StateTag>}
      </td>
      <td>
        <span className="two-lines">
          <span>{hop.encrypted ? t("mailHeader.way.encrypted") : t("mailHeader.way.open")}</span>
          <small>
            {[hop.with, hop.signedIn ? t("mailHeader.way.signedIn") : ""].filter(Boolean).join(" · ")}
          </small>
        </span>
      </td>
    </tr>
  );
}
