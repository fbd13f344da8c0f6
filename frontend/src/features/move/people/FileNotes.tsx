import { CloseOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { PeopleList } from "@/api/types";
import { troubleText } from "@/components/trouble";
import { fileCodes } from "@/features/move/people/fileCodes";
import { columnText } from "@/features/move/people/words";

interface Props {
  list: PeopleList;
  /** Reads the list again, another sheet of it or with its hidden rows. */
  onAgain: (part: { sheet?: string; hidden?: boolean }) => void;
  withHidden: boolean;
  onClose: () => void;
}

/** What was odd about a file that was read, and the questions it leaves. */
export function FileNotes({ list, onAgain, withHidden, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const name = list.path.split(/[\\/]/).pop() ?? "";
  const notes = [
    list.guessed && t("wizard.file.guessed"),
    list.formula && !list.empty && t("wizard.file.formula", { cell: list.formula }),
    list.empty && t("wizard.file.empty", { cell: list.empty }),
    list.merged.length > 0 &&
      t("wizard.file.merged", { count: list.merged.length, cells: list.merged.slice(0, 4).join(", ") }),
    list.ignored.length > 0 &&
      t("wizard.file.ignored", {
        count: list.ignored.length,
        names: list.ignored.slice(0, 5).join(t("list.join")),
      }),
    withHidden && list.hidden > 0 && t("wizard.file.hiddenTaken", { count: list.hidden }),
  ].filter((n): n is string => typeof n === "string" && n !== "");
  const asks = list.hidden > 0 && !withHidden;
  if (notes.length === 0 && list.problems.length === 0 && !asks && list.sheets.length < 2) return null;
  return (
    <div className="notice card-notice file-notes" role={list.problems.length > 0 ? "alert" : "status"}>
      <div className="row">
        <strong className="grow">{name || t("wizard.file.pasted")}</strong>
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t("wizard.file.close")}
          onClick={onClose}
        />
      </div>
      {list.sheets.length > 1 && (
        <div className="row">
          <label htmlFor={id}>{t("wizard.file.sheet")}</label>
          <Select
            id={id}
            size="small"
            value={list.sheet}
            onChange={(sheet) => onAgain({ sheet })}
            options={list.sheets.map((value) => ({ value, label: value }))}
            className="sheet-select"
          />
        </div>
      )}
      {asks && (
        <div className="row wrap">
          <span>{t("wizard.file.hidden", { count: list.hidden })}</span>
          <Button size="small" onClick={() => onAgain({ hidden: true })}>
            {t("wizard.file.takeHidden")}
          </Button>
        </div>
      )}
      <ul className="points">
        {list.problems.map((p) => {
          const code = fileCodes.find((c) => c === p.problem.args.problem);
          return (
            <li key={`${p.row} ${p.column} ${p.problem.args.problem}`}>
              {p.row > 0 && <strong className="tabular">{t("move.people.row", { row: p.row })} </strong>}
              {p.column && <strong>{columnText(t, p.column)} </strong>}
              {code
                ? t(`move.people.file.${code}`, { replace: { first: p.problem.args.first ?? "" } })
                : troubleText(t, p.problem).what}
            </li>
          );
        })}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}
