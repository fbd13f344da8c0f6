import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { ListFile, ListFileRow } from "@/api/lists";
import type { OfficeInfo } from "@/api/offices";
import { CheckedFile } from "@/components/file/CheckedFile";
import { type File, FileDrop } from "@/components/file/FileDrop";
import { FileRows } from "@/components/file/FileRows";
import { SheetField } from "@/components/file/SheetField";
import { useChanges } from "@/components/office/ChangesContext";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility } from "@/components/office/useOffice";
import { TroubleCard } from "@/components/TroubleCard";
import type { Column } from "@/components/VirtualTable";
import { FileProblems } from "@/features/lists/FileProblems";
import { useCodeText } from "@/lib/codeText";

/** Creates and changes many lists from a file, after every row was checked. */
export function ImportLists({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const { open } = useChanges();
  const [file, setFile] = useState<File | null>(null);
  const [sheet, setSheet] = useState("");
  const source = { path: file?.path ?? "", base64: file?.base64 ?? "", sheet };
  const [asked] = useState(() => crypto.randomUUID());
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["listFile", office.id, file?.path, file?.name, file?.base64.length, sheet, directory?.seq],
    queryFn: () => client.lists.read(asked, office.id, source),
    enabled: file !== null,
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => () => void client.app.cancel(asked).catch(() => undefined), [client, asked]);
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("lists.edit")) return <p className="warn">{ability.why("lists.edit")}</p>;
  if (!file) {
    return (
      <FileDrop
        title={t("lists.fileTitle")}
        text={t("lists.fileText")}
        formats={t("lists.fileFormats")}
        pick={() => client.lists.pick()}
        onFile={setFile}
      />
    );
  }
  return (
    <>
      {error ? <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} /> : null}
      {!data && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {data && (
        <Checked
          name={file.name}
          found={data}
          busy={isFetching}
          onSheet={setSheet}
          onReread={() => void refetch()}
          onAgain={() => setFile(null)}
          onNext={() =>
            open({
              preview: (requestId) => client.lists.preview(requestId, office.id, source),
              onDone: () => void refetch(),
            })
          }
        />
      )}
    </>
  );
}

interface CheckedProps {
  name: string;
  found: ListFile;
  busy: boolean;
  onSheet: (sheet: string) => void;
  onReread: () => void;
  onAgain: () => void;
  onNext: () => void;
}

function Checked({ name, found: r, busy, onSheet, onReread, onAgain, onNext }: CheckedProps) {
  const { t } = useTranslation();
  const will = r.new + r.changed;
  return (
    <>
      <CheckedFile name={name} busy={busy} onReread={onReread} onAgain={onAgain}>
        <ul className="sums">
          {(r.new > 0 || r.changed === 0) && (
            <li className={r.new > 0 ? "good" : undefined}>{t("lists.willCreate", { count: r.new })}</li>
          )}
          {r.changed > 0 && <li className="good">{t("lists.willChange", { count: r.changed })}</li>}
          {r.same > 0 && <li>{t("lists.same", { count: r.same })}</li>}
          {r.stopped > 0 && <li className="bad">{t("intake.stopped", { count: r.stopped })}</li>}
          {r.problems.length === 0 && <li className="good">{t("intake.clean")}</li>}
        </ul>
        <SheetField sheets={r.sheets} sheet={r.sheet} onSheet={onSheet} />
        <div className="row wrap">
          <Button type="primary" disabled={will === 0} onClick={onNext}>
            {t("intake.next")}
          </Button>
          <small className="faint">{t("lists.fileStays")}</small>
        </div>
      </CheckedFile>
      {r.problems.length > 0 && <FileProblems name={name} problems={r.problems} />}
      {will > 0 && <Rows rows={r.rows} />}
    </>
  );
}

function Rows({ rows }: { rows: ListFileRow[] }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const columns: Column<ListFileRow>[] = [
    {
      key: "row",
      title: t("intake.rowColumn"),
      width: "64px",
      cell: (r) => <span className="tabular">{r.row}</span>,
    },
    {
      key: "address",
      title: t("attr.address"),
      width: "minmax(180px, 1.6fr)",
      cell: (r) => <span className="clip">{r.address}</span>,
    },
    {
      key: "name",
      title: t("lists.name"),
      width: "minmax(110px, 1fr)",
      cell: (r) => <span className="clip">{r.name}</span>,
    },
    {
      key: "what",
      title: t("change.what"),
      width: "minmax(180px, 1.6fr)",
      cell: (r) => (
        <span className="clip">
          {r.fresh
            ? `${code("change.kind", "list.create")} · ${t("lists.people", { count: r.members })}`
            : r.set.map((a) => code("attr", a)).join(t("list.comma"))}
        </span>
      ),
    },
  ];
  return <FileRows columns={columns} rows={rows} />;
}
