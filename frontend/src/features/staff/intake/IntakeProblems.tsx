import { Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeInfo } from "@/api/offices";
import type { IntakeProblem } from "@/api/staff";
import { ProblemTable } from "@/components/file/ProblemTable";
import type { Ability } from "@/components/office/useOffice";
import { useProblemText } from "@/features/staff/intake/useProblemText";

interface Props {
  office: OfficeInfo;
  problems: IntakeProblem[];
  ability: Ability;
}

/** What is wrong with a list of people; what keeps a row from being imported comes first. */
export function IntakeProblems({ office, problems, ability }: Props) {
  const { t } = useTranslation();
  const say = useProblemText(ability);
  const [onlyStop, setOnlyStop] = useState(false);
  const all = problems.map((p) => ({
    key: `${p.code} ${p.row} ${p.cell} ${p.column} ${p.value}`,
    place: p.cell || (p.row > 0 ? t("change.row", { row: String(p.row) }) : ""),
    value: p.value,
    text: say(p),
    stops: p.weight === "stop",
  }));
  const stops = all.filter((p) => p.stops);
  return (
    <ProblemTable
      name={office.title}
      problems={all}
      shown={onlyStop ? stops : [...stops, ...all.filter((p) => !p.stops)]}
    >
      {stops.length > 0 && stops.length < all.length && (
        <Checkbox checked={onlyStop} onChange={(e) => setOnlyStop(e.target.checked)}>
          {t("intake.onlyStop")}
        </Checkbox>
      )}
    </ProblemTable>
  );
}
