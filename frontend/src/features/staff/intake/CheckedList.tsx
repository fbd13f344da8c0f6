import { Button, Checkbox } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import { CheckedFile } from "@/components/file/CheckedFile";
import { SheetField } from "@/components/file/SheetField";
import { useChanges } from "@/components/office/ChangesContext";
import { DepartmentPicker } from "@/components/office/DepartmentPicker";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { useOpenVault } from "@/components/vault/VaultGate";
import { IntakePeople } from "@/features/staff/intake/IntakePeople";
import { IntakeProblems } from "@/features/staff/intake/IntakeProblems";
import { TherePeople } from "@/features/staff/intake/TherePeople";
import type { Intake } from "@/features/staff/intake/useIntake";
import { UmlautChoice } from "@/features/staff/UmlautChoice";

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
  intake: Intake;
  onAgain: () => void;
}

/** What the check found: how many will be created, what stands in the way, and the way on. */
export function CheckedList({ office, ability, directory, intake, onAgain }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const { open } = useChanges();
  const r = intake.result;
  if (!r) return null;
  // A path names those above it, too.
  const deepest = r.departments.filter((d) => !r.departments.some((o) => o.startsWith(`${d}/`)));
  const will = r.people.length + r.changed;
  async function next() {
    // The passwords of the list are kept before anything is previewed.
    if (ability.can("people.password") || ability.creates("password")) {
      if (!(await openVault())) return;
    }
    open({
      preview: (requestId) => client.intake.preview(requestId, office.id, intake.source),
      onDone: () => void intake.reread(),
    });
  }
  return (
    <>
      <CheckedFile
        name={intake.name}
        busy={intake.busy}
        onReread={() => void intake.reread()}
        onAgain={onAgain}
      >
        <div role="status">
          <ul className="sums">
            <li className={r.people.length > 0 ? "good" : undefined}>
              {t("intake.will", { count: r.people.length })}
            </li>
            {r.changed > 0 && <li className="good">{t("intake.changed", { count: r.changed })}</li>}
            {r.already > 0 && <li>{t("intake.already", { count: r.already })}</li>}
            {r.stopped > 0 && <li className="bad">{t("intake.stopped", { count: r.stopped })}</li>}
            {r.departments.length > 0 && (
              <li>
                {t("intake.departments", {
                  count: r.departments.length,
                  names: deepest.slice(0, 4).join(t("list.comma")) + (deepest.length > 4 ? "…" : ""),
                })}
              </li>
            )}
            {r.problems.length === 0 && <li className="good">{t("intake.clean")}</li>}
          </ul>
        </div>
        <Choices ability={ability} directory={directory} intake={intake} />
        <div className="row wrap">
          <Button type="primary" disabled={will === 0} onClick={() => void next()}>
            {t("intake.next")}
          </Button>
          <small className="faint">
            {t(will === 0 && r.already === 0 ? "intake.fixFirst" : "intake.goOn")}
          </small>
        </div>
      </CheckedFile>
      {r.problems.length > 0 && <IntakeProblems office={office} problems={r.problems} ability={ability} />}
      <TherePeople intake={intake} />
      {r.people.length > 0 && <IntakePeople people={r.people} />}
    </>
  );
}

function Choices({ ability, directory, intake }: Pick<Props, "ability" | "directory" | "intake">) {
  const { t } = useTranslation();
  const id = useId();
  const { options, set, result } = intake;
  const passwords = ability.can("people.password") || ability.creates("password");
  return (
    <div className="intake-choices">
      {result && (
        <SheetField sheets={result.sheets} sheet={result.sheet} onSheet={(sheet) => set({ sheet })} />
      )}
      {result && (result.hidden > 0 || options.hidden) && (
        <Checkbox checked={options.hidden} onChange={(e) => set({ hidden: e.target.checked })}>
          {t("intake.hidden")}
        </Checkbox>
      )}
      {passwords && (
        <>
          <Checkbox
            checked={options.makePasswords}
            onChange={(e) => set({ makePasswords: e.target.checked })}
          >
            {t("intake.makePasswords")}
          </Checkbox>
          <Checkbox
            disabled={!ability.creates("mustChange")}
            checked={options.mustChange && ability.creates("mustChange")}
            onChange={(e) => set({ mustChange: e.target.checked })}
          >
            {t("intake.mustChange")}
          </Checkbox>
        </>
      )}
      {result?.people.some((p) => /[ln]v/.test(p.address)) || options.umlaut !== "v" ? (
        <UmlautChoice value={options.umlaut} onChange={(umlaut) => set({ umlaut })} />
      ) : null}
      {ability.can("departments.edit") && (
        <Checkbox
          checked={options.makeDepartments}
          onChange={(e) => set({ makeDepartments: e.target.checked })}
        >
          {t("intake.makeDepartments")}
        </Checkbox>
      )}
      {directory.departments.length > 0 && (
        <div className="field">
          <label htmlFor={`${id}-d`}>{t("intake.department")}</label>
          <DepartmentPicker
            root
            id={`${id}-d`}
            directory={directory}
            value={[options.department]}
            onChange={([department = ""]) => set({ department })}
          />
        </div>
      )}
    </div>
  );
}
