import { TeamOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { createContext, memo, useContext, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { EmptyState } from "@/components/EmptyState";
import type { Directory } from "@/components/office/useDirectory";
import { Tick } from "@/components/Tick";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useDragging } from "@/features/staff/dragging";
import { statuses } from "@/features/staff/view";
import { useCodeText } from "@/lib/codeText";
import { useMedia } from "@/lib/useMedia";

interface Props {
  directory: Directory;
  rows: OfficePerson[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  /** What is filtered by; "" nothing. */
  question: string;
  /** Takes the filters off; undefined where there are none. */
  onAll?: () => void;
}

/** Everybody who fits; only the rows in sight exist. */
export const PeopleTable = memo(function PeopleTable(props: Props) {
  const { rows, marked, onMark, question } = props;
  const { t } = useTranslation();
  const columns = useColumns(props);
  const dragging = useDragging(rows, marked);
  const marking = useMemo(() => ({ rows, marked, onMark }), [rows, marked, onMark]);
  const none = rows.length === 0;
  // A table that finds nobody for a moment stays, out of sight: to make it anew costs more than any key.
  const before = useRef(rows);
  useEffect(() => {
    if (rows.length > 0) before.current = rows;
  }, [rows]);
  return (
    <Marking value={marking}>
      {(!none || before.current.length > 0) && (
        <VirtualTable
          fill
          hidden={none}
          question={question}
          label={t("staff.table")}
          columns={columns}
          rows={none ? before.current : rows}
          rowKey={idOf}
          rowProps={dragging}
          minWidth={500}
        />
      )}
      {none && <Nobody filtered={question !== ""} onAll={props.onAll} />}
    </Marking>
  );
});

function Nobody({ filtered, onAll }: { filtered: boolean; onAll?: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<TeamOutlined aria-hidden />} title={t(filtered ? "staff.none" : "staff.emptyTitle")}>
      <p>{t(filtered ? "staff.noneHint" : "staff.emptyText")}</p>
      {onAll && <Button onClick={onAll}>{t("staff.showAll")}</Button>}
    </EmptyState>
  );
}

const idOf = (p: OfficePerson) => p.id;

const Marking = createContext<Pick<Props, "rows" | "marked" | "onMark">>({
  rows: [],
  marked: new Set(),
  onMark: () => undefined,
});

function MarkAll() {
  const { t } = useTranslation();
  const { rows, marked, onMark } = useContext(Marking);
  const all = rows.every((p) => marked.has(p.id));
  return (
    <Tick
      label={t("staff.selectAll")}
      checked={all}
      mixed={!all && marked.size > 0}
      onChange={(on) => onMark(on ? new Set(rows.map(idOf)) : new Set())}
    />
  );
}

/** The columns; cells are made with every key of a search, so they look nothing up and translate nothing. */
function useColumns({ directory, marked, onMark, onOpen }: Props): Column<OfficePerson>[] {
  const { t } = useTranslation();
  const code = useCodeText();
  const wide = useMedia("(min-width: 1180px)");
  return useMemo<Column<OfficePerson>[]>(() => {
    const status = new Map(statuses.map((s) => [s as string, code("personStatus", s)]));
    const comma = t("list.comma");
    const [before = "", after = ""] = t("staff.select", { name: "\n" }).split("\n");
    const mark = (id: string, on: boolean) => {
      const next = new Set(marked);
      if (on) next.add(id);
      else next.delete(id);
      onMark(next);
    };
    // What nobody of the office has leaves its room to the others, and so does the phone in a
    // narrow window: without it, addresses can be read whole.
    const someMobile = wide && directory.people.some((p) => p.mobile !== "");
    const someDepartment = directory.people.some((p) => p.departments.length > 0);
    const all: Column<OfficePerson>[] = [
      {
        key: "mark",
        title: <MarkAll />,
        width: "26px",
        cell: (p) => (
          <Tick
            label={before + (p.name || p.address) + after}
            checked={marked.has(p.id)}
            onChange={(on) => mark(p.id, on)}
          />
        ),
      },
      {
        key: "name",
        title: t("staff.col.name"),
        width: "minmax(88px, 1.3fr)",
        cell: (p) => (
          <button type="button" className="link clip" draggable onClick={() => onOpen(p.id)}>
            {p.name || p.address}
          </button>
        ),
      },
      {
        key: "address",
        title: t("staff.col.address"),
        width: "minmax(160px, 2.1fr)",
        className: "clip",
        cell: (p) => p.address,
      },
      {
        key: "departments",
        title: t("staff.col.departments"),
        width: "minmax(72px, 1.6fr)",
        className: "clip clip-start",
        cell: (p) => p.departments.map(directory.path).filter(Boolean).join(comma),
      },
      {
        key: "mobile",
        title: t("staff.col.mobile"),
        width: "116px",
        className: "clip tabular",
        cell: (p) => p.mobile,
      },
      {
        key: "status",
        title: t("staff.col.status"),
        width: "64px",
        cell: (p) => (
          <span className={p.status === "active" ? "good" : p.status === "locked" ? "bad" : "faint"}>
            {status.get(p.status) ?? p.status}
          </span>
        ),
      },
    ];
    return all.filter(
      (c) => (c.key !== "mobile" || someMobile) && (c.key !== "departments" || someDepartment),
    );
  }, [t, code, directory, marked, onMark, onOpen, wide]);
}
