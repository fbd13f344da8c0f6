import { Skeleton } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { useDirectory, useHits } from "@/components/office/useDirectory";
import { useAbility, useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/features/move/VaultGate";
import { NoOffice } from "@/features/office/NoOffice";
import { BulkBar } from "@/features/staff/BulkBar";
import { DepartmentPanel } from "@/features/staff/DepartmentPanel";
import { DirectoryLine } from "@/features/staff/DirectoryLine";
import { FilterBar } from "@/features/staff/FilterBar";
import { PageActions } from "@/features/staff/PageActions";
import { PeopleTable } from "@/features/staff/PeopleTable";
import { PersonDrawer } from "@/features/staff/PersonDrawer";
import { PersonForm } from "@/features/staff/PersonForm";
import { shownPeople } from "@/features/staff/view";

/** Departments and the people in them. */
export function PeoplePage() {
  const { t } = useTranslation();
  const office = useOffice();
  if (office === undefined) return null;
  if (office === null) {
    return (
      <div className="page">
        <PageHeader title={t("nav.people")} lead={t("staff.lead")} />
        <NoOffice />
      </div>
    );
  }
  return (
    <VaultGate>
      <Staff key={office.id} office={office} />
    </VaultGate>
  );
}

const nothing = new Set<string>();

function Staff({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const ability = useAbility(office);
  const { directory, error } = useDirectory(office.id);
  const [department, setDepartment] = useState("");
  const [status, setStatus] = useState("");
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(nothing);
  const [open, setOpen] = useState<{ id: string; form: boolean } | null>(null);
  const hits = useHits(office.id, text, directory?.seq ?? 0);
  const rows = useMemo(
    () => (directory ? shownPeople(directory, { department, status, hits }) : []),
    [directory, department, status, hits],
  );
  const chosen = useMemo(() => directory?.people.filter((p) => marked.has(p.id)) ?? [], [directory, marked]);
  // What does not depend on the text is not drawn anew with every key.
  const choose = useCallback((id: string) => {
    setDepartment(id);
    setMarked(nothing);
  }, []);
  const show = useCallback((id: string) => setOpen({ id, form: false }), []);
  const person = open && directory?.person.get(open.id);

  return (
    <div className="page wide staff">
      <PageHeader
        title={t("nav.people")}
        lead={directory ? <DirectoryLine office={office} directory={directory} /> : t("staff.lead")}
        actions={
          <PageActions
            office={office}
            ability={ability}
            rows={rows}
            directory={directory}
            onNew={() => setOpen({ id: "", form: true })}
          />
        }
      />
      {error ? <TroubleCard problem={problemOf(error)} /> : null}
      {!directory && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {directory && (
        <div className="staff-columns">
          <DepartmentPanel ability={ability} directory={directory} chosen={department} onChoose={choose} />
          <div className="staff-main">
            <FilterBar
              directory={directory}
              text={text}
              onText={setText}
              status={status}
              onStatus={setStatus}
              count={rows.length}
            />
            {chosen.length > 0 && (
              <BulkBar
                ability={ability}
                directory={directory}
                people={chosen}
                onDone={() => setMarked(nothing)}
              />
            )}
            <PeopleTable
              directory={directory}
              rows={rows}
              marked={marked}
              onMark={setMarked}
              onOpen={show}
              filtered={text !== "" || status !== "" || department !== ""}
            />
          </div>
        </div>
      )}
      {directory && open && !open.form && person && (
        <PersonDrawer
          office={office}
          ability={ability}
          directory={directory}
          person={person}
          onEdit={() => setOpen({ id: open.id, form: true })}
          onClose={() => setOpen(null)}
        />
      )}
      {directory && open?.form && (open.id === "" || person) && (
        <PersonForm
          office={office}
          ability={ability}
          directory={directory}
          person={person ?? undefined}
          department={department}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}
