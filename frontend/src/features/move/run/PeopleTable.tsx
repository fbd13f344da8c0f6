import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Segmented, Select } from "antd";
import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxMove, Move } from "@/api/types";
import { InviteDialog } from "@/features/move/invite/InviteDialog";
import { useInviteState } from "@/features/move/invite/useInviteState";
import { PasswordDialog } from "@/features/move/run/PasswordDialog";
import { PeopleGrid } from "@/features/move/run/PeopleGrid";
import type { RowActs } from "@/features/move/run/PersonRow";
import {
  countsOf,
  type Filter,
  filters,
  type NextStep,
  type Sort,
  type SortKey,
  shownOf,
} from "@/features/move/run/people";
import type { BoxActs } from "@/features/move/run/useBoxActs";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  acts: BoxActs;
  filter: Filter;
  onFilter: (filter: Filter) => void;
  onOpen: (mailboxId: string) => void;
}

const byHand: Sort = { key: "order", down: false };

/** Everybody of the move: found, filtered, sorted, and steered one by one or many at once. */
export function PeopleTable({ move, acts, filter, onFilter, onOpen }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState(byHand);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [inviting, setInviting] = useState<MailboxMove>();
  const [password, setPassword] = useState<MailboxMove>();
  const inviteOf = useInviteState(move);
  const words = useDeferredValue(search);
  const counts = useMemo(() => countsOf(move.mailboxes), [move.mailboxes]);
  const rows = useMemo(
    () => shownOf(move.mailboxes, filter, words, sort),
    [move.mailboxes, filter, words, sort],
  );
  const chosen = rows.filter((m) => ticked.has(m.id)).map((m) => m.id);

  // Rows are drawn anew only when what they get changes: these never do.
  const live = useRef({ rows, acts, last: "" });
  live.current.rows = rows;
  live.current.acts = acts;
  const tick = useCallback((id: string, range: boolean) => {
    const { rows: shown, last } = live.current;
    const from = range ? shown.findIndex((m) => m.id === last) : -1;
    const to = shown.findIndex((m) => m.id === id);
    live.current.last = id;
    setTicked((before) => {
      const next = new Set(before);
      const on = !before.has(id);
      const part =
        from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : shown.slice(to, to + 1);
      for (const m of part) on ? next.add(m.id) : next.delete(m.id);
      return next;
    });
  }, []);
  const step = useCallback((m: MailboxMove, what: NextStep) => {
    if (what === "password") setPassword(m);
    else if (what === "invite") setInviting(m);
    else live.current.acts.step([m.id], what);
  }, []);
  const rowActs = useMemo<RowActs>(() => ({ open: onOpen, tick, step }), [onOpen, tick, step]);

  function onSort(key: SortKey) {
    setSort((before) =>
      before.key !== key ? { key, down: false } : before.down ? byHand : { key, down: true },
    );
  }
  function onTickAll() {
    setTicked(chosen.length === rows.length ? new Set() : new Set(rows.map((m) => m.id)));
  }
  const visible = filters.filter((f) => f === "all" || f === filter || counts[f] > 0);
  const label = (f: Filter) => `${t(`run.people.filter.${f}`)} ${format.number(counts[f])}`;
  return (
    <section className="card flush" aria-labelledby="mailboxes-title">
      <div className="card-head people-head">
        <h2 id="mailboxes-title">{t("move.run.mailboxes", { count: move.mailboxes.length })}</h2>
        <span className="grow" />
        <Input
          className="people-search"
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          aria-label={t("run.people.search")}
          placeholder={t("run.people.search")}
          value={search}
          onChange={(e) => setSearch(e.target.value)}
        />
      </div>
      <div className="people-tools">
        {visible.length <= 5 ? (
          <Segmented<Filter>
            value={filter}
            onChange={onFilter}
            options={visible.map((f) => ({ value: f, label: label(f) }))}
            aria-label={t("run.people.show")}
          />
        ) : (
          <Select<Filter>
            className="people-filter"
            aria-label={t("run.people.show")}
            value={filter}
            onChange={onFilter}
            options={visible.map((f) => ({ value: f, label: label(f) }))}
          />
        )}
        <span className="grow" />
        {chosen.length > 0 && (
          <>
            <span className="faint">{t("run.people.chosen", { count: chosen.length })}</span>
            <Button size="small" onClick={() => acts.step(chosen, "pause")}>
              {t("run.people.step.pause")}
            </Button>
            <Button size="small" onClick={() => acts.step(chosen, "goOn")}>
              {t("run.people.step.goOn")}
            </Button>
            <Button size="small" onClick={() => acts.leaveOut(chosen, filter !== "out")}>
              {t(filter === "out" ? "run.people.step.back" : "run.people.step.out")}
            </Button>
          </>
        )}
      </div>
      {rows.length > 0 ? (
        <PeopleGrid
          rows={rows}
          moveState={move.state}
          inviteOf={inviteOf}
          ticked={ticked}
          sort={sort}
          acts={rowActs}
          onSort={onSort}
          onTickAll={onTickAll}
        />
      ) : (
        <p className="people-none faint">{t("run.people.none")}</p>
      )}
      {inviting && <InviteDialog move={move} first={inviting.id} onClose={() => setInviting(undefined)} />}
      {password && <PasswordDialog move={move} mailbox={password} onClose={() => setPassword(undefined)} />}
    </section>
  );
}
