import { App, Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import type { IntakeProblem } from "@/api/staff";
import type { Ability } from "@/components/office/useOffice";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useProblemText } from "@/features/intake/useProblemText";

interface Props {
  office: OfficeInfo;
  problems: IntakeProblem[];
  ability: Ability;
}

/** Everything to be looked at, with its cell. */
export function ProblemTable({ office, problems, ability }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const say = useProblemText(ability);
  const [onlyStop, setOnlyStop] = useState(false);
  const stops = problems.filter((p) => p.weight === "stop");
  // What keeps a row from being imported comes first.
  const rows = onlyStop ? stops : [...stops, ...problems.filter((p) => p.weight !== "stop")];
  const place = (p: IntakeProblem) => p.cell || (p.row > 0 ? t("change.row", { row: String(p.row) }) : "");
  const columns: Column<IntakeProblem>[] = [
    {
      key: "cell",
      title: t("intake.cell"),
      width: "90px",
      cell: (p) => <span className="tabular">{place(p)}</span>,
    },
    {
      key: "value",
      title: t("intake.value"),
      width: "minmax(120px, 1fr)",
      cell: (p) => (
        <span className="clip" title={p.value}>
          {p.value}
        </span>
      ),
    },
    {
      key: "problem",
      title: t("intake.problem"),
      width: "minmax(260px, 3fr)",
      cell: (p) => (
        <span className={p.weight === "stop" ? "clip bad" : "clip"} title={say(p)}>
          {say(p)}
        </span>
      ),
    },
  ];
  function save() {
    client.staff
      .saveRows(
        {
          name: `${office.title} ${t("intake.problems")}`,
          header: [t("intake.cell"), t("intake.value"), t("intake.problem")],
          rows: problems.map((p) => [place(p), p.value, say(p)]),
        },
        "xlsx",
      )
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  }
  return (
    <section className="group" aria-labelledby="intake-problems">
      <div className="row wrap">
        <h2 id="intake-problems" className="grow">
          {t("intake.problems")}
        </h2>
        {stops.length > 0 && stops.length < problems.length && (
          <Checkbox checked={onlyStop} onChange={(e) => setOnlyStop(e.target.checked)}>
            {t("intake.onlyStop")}
          </Checkbox>
        )}
        <Button size="small" onClick={save}>
          {t("intake.saveProblems")}
        </Button>
      </div>
      <VirtualTable
        label={t("intake.problems")}
        columns={columns}
        rows={rows}
        rowKey={(p) => `${p.code} ${p.row} ${p.cell} ${p.column} ${p.value}`}
        rowHeight={38}
        maxRows={8}
        minWidth={560}
      />
    </section>
  );
}
