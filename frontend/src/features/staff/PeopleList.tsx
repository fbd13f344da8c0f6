import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { OfficePerson } from "@/api/offices";
import type { Noticed } from "@/components/office/noticed";
import type { Directory } from "@/components/office/useDirectory";
import { useHits } from "@/components/office/useHits";
import type { Ability } from "@/components/office/useOffice";
import { BulkBar } from "@/features/staff/BulkBar";
import { FilterBar } from "@/features/staff/FilterBar";
import { PeopleTable } from "@/features/staff/PeopleTable";
import { shownPeople } from "@/features/staff/view";

interface Props {
  ability: Ability;
  directory: Directory;
  department: string;
  /** Of whom something was noticed, to begin with. */
  only: Noticed | "";
  /** Is told who is listed. */
  listed: RefObject<readonly OfficePerson[]>;
  onOpen: (id: string) => void;
}

const nothing: ReadonlySet<string> = new Set();

/** The people of a department, searched and filtered. Only this is drawn anew with every key. */
export function PeopleList({ ability, directory, department, only: first, listed, onOpen }: Props) {
  const [status, setStatus] = useState("");
  const [only, setOnly] = useState(first);
  const [wish, setTag] = useState("");
  const tag = directory.tags.some((one) => one.id === wish) ? wish : ""; // it may be gone
  const [text, setText] = useState("");
  const [searching, setSearching] = useState(false);
  const [marks, setMarks] = useState({ department, ids: nothing });
  const marked = marks.department === department ? marks.ids : nothing;
  const hits = useHits(directory, text, searching);
  const rows = useMemo(
    () => shownPeople(directory, { department, status, only, tag, hits }),
    [directory, department, status, only, tag, hits],
  );
  const chosen = useMemo(
    () => (marked.size > 0 ? directory.people.filter((p) => marked.has(p.id)) : []),
    [directory, marked],
  );
  const mark = useCallback((ids: ReadonlySet<string>) => setMarks({ department, ids }), [department]);
  const begin = useCallback(() => setSearching(true), []);
  const box = useRef<HTMLDivElement>(null);
  const toFirst = useCallback(
    () =>
      box.current?.querySelector<HTMLElement>('[role="table"]:not([hidden]) [role="cell"] button')?.focus(),
    [],
  );
  const all = useCallback(() => {
    setText("");
    setStatus("");
    setTag("");
    setOnly("");
  }, []);
  useEffect(() => {
    listed.current = rows;
  }, [listed, rows]);
  return (
    <div className="staff-main" ref={box}>
      <FilterBar
        directory={directory}
        text={text}
        onText={setText}
        onFocus={begin}
        onDown={toFirst}
        status={status}
        onStatus={setStatus}
        tag={tag}
        onTag={setTag}
        only={only}
        onOnly={setOnly}
        count={rows.length}
      />
      {chosen.length > 0 && (
        <BulkBar ability={ability} directory={directory} people={chosen} onDone={() => mark(nothing)} />
      )}
      <PeopleTable
        directory={directory}
        rows={rows}
        marked={marked}
        onMark={mark}
        onOpen={onOpen}
        onAll={text || status || tag || only ? all : undefined}
        question={[text, status, only, tag, department].join("\n").trim()}
      />
    </div>
  );
}
