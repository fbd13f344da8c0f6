import { Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import type { File } from "@/components/file/FileDrop";
import { NoOffice } from "@/components/office/NoOffice";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility, useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { CheckedList } from "@/features/staff/intake/CheckedList";
import { FileStep } from "@/features/staff/intake/FileStep";
import { useIntake } from "@/features/staff/intake/useIntake";

/** Creates many people from a list, after every row was checked. */
export function ImportPage() {
  const { t } = useTranslation();
  const office = useOffice();
  return (
    <VaultGate>
      <div className="page wide">
        <PageHeader
          title={t("intake.title")}
          lead={t("intake.lead")}
          above={<Link href="/people">{t("change.back")}</Link>}
        />
        {office === null && <NoOffice />}
        {office && <Intake key={office.id} office={office} />}
      </div>
    </VaultGate>
  );
}

function Intake({ office }: { office: OfficeInfo }) {
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const [file, setFile] = useState<File | null>(null);
  const intake = useIntake(office, file, directory?.seq ?? 0);
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("people.create")) return <p className="warn">{ability.why("people.create")}</p>;
  return (
    <>
      {!file && <FileStep office={office} onFile={setFile} />}
      {intake.error ? (
        <TroubleCard problem={problemOf(intake.error)} acts={{ again: () => void intake.reread() }} />
      ) : null}
      {file && !intake.result && !intake.error && <Skeleton active paragraph={{ rows: 6 }} />}
      {file && intake.result && (
        <CheckedList
          office={office}
          ability={ability}
          directory={directory}
          intake={intake}
          onAgain={() => setFile(null)}
        />
      )}
    </>
  );
}
