import { Skeleton } from "antd";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { DirectoryLine } from "@/components/office/DirectoryLine";
import { NoOffice } from "@/components/office/NoOffice";
import { type Noticed, noticed } from "@/components/office/noticed";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility, useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { DepartmentPanel } from "@/features/staff/DepartmentPanel";
import { PageActions } from "@/features/staff/PageActions";
import { PeopleList } from "@/features/staff/PeopleList";
import { PersonDrawer } from "@/features/staff/PersonDrawer";
import { PersonForm } from "@/features/staff/PersonForm";

interface Props {
  /** Whose record is opened at first: an ID as it stands in the location. */
  id?: string;
  /** Of whom something was noticed: only they are listed at first. */
  only?: string;
}

/** Departments and the people in them. */
export function PeoplePage({ id = "", only = "" }: Props) {
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
      <Staff key={office.id} office={office} shown={plain(id)} only={noticed.find((n) => n === only) ?? ""} />
    </VaultGate>
  );
}

/** The router has taken back a part of what encodeURIComponent did. */
function plain(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

interface StaffProps {
  office: OfficeInfo;
  /** Who is opened at first. */
  shown: string;
  only: Noticed | "";
}

function Staff({ office, shown, only }: StaffProps) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const ability = useAbility(office);
  const { directory, error } = useDirectory(office.id);
  const [department, setDepartment] = useState("");
  const [open, setOpen] = useState<{ id: string; form: boolean } | null>(
    shown ? { id: shown, form: false } : null,
  );
  // What is listed, for those who save it: it changes with every key, and nothing else does.
  const listed = useRef<readonly OfficePerson[]>([]);
  const show = useCallback((id: string) => setOpen({ id, form: false }), []);
  const create = useCallback(() => setOpen({ id: "", form: true }), []);
  // Whoever came here for somebody can be brought to them again.
  const close = () => (shown === "" ? setOpen(null) : go("/people", { replace: true }));
  const person = open && directory?.person.get(open.id);

  return (
    <div className="page wide staff fills">
      <PageHeader
        title={t("nav.people")}
        lead={directory ? <DirectoryLine office={office} directory={directory} /> : t("staff.lead")}
        actions={
          <PageActions
            office={office}
            ability={ability}
            listed={listed}
            directory={directory}
            onNew={create}
          />
        }
      />
      {error ? <TroubleCard problem={problemOf(error)} /> : null}
      {!directory && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {directory && (
        <div className="staff-columns">
          <DepartmentPanel
            ability={ability}
            directory={directory}
            chosen={department}
            onChoose={setDepartment}
          />
          <PeopleList
            ability={ability}
            directory={directory}
            department={department}
            only={only}
            listed={listed}
            onOpen={show}
          />
        </div>
      )}
      {directory && open && !open.form && person && (
        <PersonDrawer
          office={office}
          ability={ability}
          directory={directory}
          person={person}
          onEdit={() => setOpen({ id: open.id, form: true })}
          onClose={close}
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
