import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssistRow, AssistTable } from "@/api/doctor";
import { CopyButton } from "@/components/CopyButton";
import { StateTag } from "@/components/StateTag";
import { useLink } from "@/features/doctor/useLink";
import type { Tone } from "@/lib/moves";
import { useText } from "@/lib/useText";

const tones: Record<AssistRow["state"], Tone> = {
  ok: "good",
  missing: "bad",
  differs: "warn",
  extra: "warn",
  console: "calm",
  optional: "calm",
  unknown: "calm",
};

interface Props {
  table: AssistTable;
  actions: ReactNode;
  watching: boolean;
}

/** One row a record: what stands, what should stand, to copy. */
export function RecordTable({ table, actions, watching }: Props) {
  const { t } = useTranslation();
  const todo = table.rows.filter((r) => ["missing", "differs", "extra"].includes(r.state)).length;
  return (
    <section className="card flush" aria-labelledby="records-title">
      <div className="card-head">
        <div className="grow" aria-live="polite">
          <h3 id="records-title">{table.shown}</h3>
          <p className={table.green ? "good" : "faint"}>
            {table.green ? t("assistant.green") : t("assistant.todo", { count: todo })}
          </p>
          {table.provider === "" && <p className="warn">{t("assistant.unknownProvider")}</p>}
          {watching && <p className="faint">{t("assistant.watching")}</p>}
        </div>
        <div className="row wrap no-print">{actions}</div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard */}
      <div className="plain-scroll" tabIndex={0} role="group" aria-labelledby="records-title">
        <table className="plain-table" aria-label={t("assistant.table")}>
          <thead>
            <tr>
              {(["use", "name", "stands", "should", "state"] as const).map((key) => (
                <th key={key} scope="col">
                  {t(`assistant.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <RecordRow
                key={`${row.use}${row.name}${row.type}${row.should.join()}`}
                row={row}
                apex={table.dnsHost?.apex ?? ""}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RecordRow({ row, apex }: { row: AssistRow; apex: string }) {
  const { t } = useTranslation();
  const text = useText();
  const link = useLink();
  return (
    <tr>
      <td>{text(`assistant.uses.${row.use}`)}</td>
      <td>
        <span className="two-lines">
          <code>{row.host === "@" && apex === "empty" ? t("assistant.host.emptyField") : row.host}</code>
          <small>{row.type}</small>
        </span>
      </td>
      <td>
        <Values values={row.stands} none={t("assistant.nothing")} />
      </td>
      <td>
        <Values
          values={row.should}
          none={row.state === "console" ? t("assistant.console") : t("assistant.nothing")}
        />
        {row.should.length > 0 && row.state !== "ok" && (
          <div className="row wrap no-print">
            <CopyButton text={row.paste.join("\n")} label={t("examine.copyValue")} />
          </div>
        )}
        {row.console && row.state === "console" && (
          <Button size="small" onClick={() => link(row.console)}>
            {t("examine.open")}
          </Button>
        )}
        {row.fileText && <WebFile at={row.fileAt} text={row.fileText} />}
      </td>
      <td>
        <StateTag tone={tones[row.state]}>{text(`assistant.states.${row.state}`)}</StateTag>
      </td>
    </tr>
  );
}

/** What must lie on a web server beside the record, to copy. */
function WebFile({ at, text }: { at: string; text: string }) {
  const { t } = useTranslation();
  return (
    <div className="web-file">
      <p>{t("assistant.file", { at })}</p>
      <pre>{text}</pre>
      <p className="faint">{t("assistant.fileOrder")}</p>
      <div className="row wrap no-print">
        <CopyButton text={text} label={t("assistant.copyFile")} />
      </div>
    </div>
  );
}

function Values({ values, none }: { values: string[]; none: string }) {
  if (values.length === 0) return <span className="faint">{none}</span>;
  return (
    <ul className="values">
      {values.map((v) => (
        <li key={v}>
          <code>{v}</code>
        </li>
      ))}
    </ul>
  );
}
