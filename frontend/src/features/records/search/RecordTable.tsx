import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeInfo } from "@/api/offices";
import type { RecordRow } from "@/api/records";
import { toneOf, useRecordText } from "@/components/records/useRecordText";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { RecordDrawer } from "@/features/records/search/RecordDrawer";

interface Props {
  office: OfficeInfo;
  shelf: string;
  rows: RecordRow[];
  onEnd?: () => void;
  /** What was asked: another question is answered from the top. */
  question: string;
}

/** An address whole: it may break after its colons, and is copied without what breaks it. */
function Address({ ip }: { ip: string }) {
  return (
    <span className="ip tabular">
      {ip.match(/[^:]*:|[^:]+/g)?.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one address stay in their order
        <Fragment key={i}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}

/** Records, the newest first, with all about one of them at the side. */
export function RecordTable({ office, shelf, rows, question, onEnd }: Props) {
  const { t, i18n } = useTranslation();
  const text = useRecordText(office.id);
  const [open, setOpen] = useState("");
  const columns: Column<RecordRow>[] = [
    {
      key: "at",
      title: text.column("at"),
      width: i18n.language === "en" ? "180px" : "156px", // "Nov 26, 2026, 10:37 PM" on one line
      cell: (r) => <span className="tabular">{text.atOf(r)}</span>,
    },
    { key: "kind", title: text.column("kind"), width: "88px", cell: (r) => text.kind(r.kind) },
    {
      key: "what",
      title: t("recordsPage.what"),
      width: "minmax(170px, 1fr)",
      cell: (r) => (
        <span className="two-lines">
          <button type="button" className="link clip record-open" onClick={() => setOpen(r.id)}>
            {text.what(r)}
          </button>
          <small className="clip" title={text.parties(r)}>
            {text.parties(r)}
          </small>
        </span>
      ),
    },
    {
      key: "ip",
      title: text.column("ip"),
      width: "minmax(118px, 0.42fr)", // the longest IPv6 address takes two or three lines
      cell: (r) => <Address ip={r.ip || "–"} />,
    },
    {
      key: "outcome",
      title: text.column("outcome"),
      width: "116px",
      cell: (r) => <span className={toneOf(r.outcome)}>{text.outcome(r.outcome)}</span>,
    },
  ];
  return (
    <>
      <div className="card flush filled">
        <VirtualTable
          fill
          question={question}
          label={t("recordsPage.table")}
          columns={columns}
          rows={rows}
          rowKey={(r) => r.id}
          rowHeight={54}
          minWidth={690}
          onEnd={onEnd}
        />
      </div>
      {open && <RecordDrawer office={office} shelf={shelf} id={open} onClose={() => setOpen("")} />}
    </>
  );
}
