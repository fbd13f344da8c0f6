import { CheckCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import { ConsoleLink } from "@/components/office/ConsoleLink";
import { DirectoryLine } from "@/components/office/DirectoryLine";
import { officeTitle } from "@/components/office/officeTitle";
import { useDirectory } from "@/components/office/useDirectory";
import { type Ability, useAbility, useMakerName } from "@/components/office/useOffice";
import { FetchLine } from "@/components/records/FetchLine";
import { type Run, runsOf, type Todo, todosOf } from "@/features/home/todo";
import { examine } from "@/lib/examine";
import { useFormat } from "@/lib/useFormat";

/** The office at a glance: how old what is known is, its domain, and what is to be done. */
export function OfficeCard({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, go] = useLocation();
  const makerName = useMakerName();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const { data: watched = [] } = useQuery({
    queryKey: ["monitoring", "list"],
    queryFn: () => client.monitor.list(),
    retry: false,
  });
  const { data: archive } = useQuery({
    queryKey: keys.archive(office.id),
    queryFn: () => client.recordArchives.state(office.id),
    retry: false,
  });
  const { data: alarms } = useQuery({
    queryKey: keys.alarms(office.id),
    queryFn: () => client.recordJudgement.alarms(office.id),
    retry: false,
  });
  const domains = useMemo(
    () => new Set([office.domain, ...(directory?.domains.map((d) => d.name) ?? [])]),
    [office.domain, directory],
  );
  const looks = watched.filter((w) => domains.has(w.domain) && w.last && !w.last.away);
  const canLists = ability.can("lists.read") && ability.can("people.read");
  const todos = useMemo(
    () =>
      directory
        ? todosOf({
            office,
            directory,
            canLists,
            due: archive?.due.map((d) => d.month) ?? [],
            archived: archive?.folder !== "",
            unusual: [...new Set(alarms?.map((f) => f.person || office.domain || office.title))],
            ill: looks.filter((w) => w.last?.verdict === "fail").map((w) => w.domain),
            now: Date.now(),
          })
        : [],
    [office, directory, canLists, archive, alarms, looks],
  );
  const title = officeTitle(t, office);
  const maker = makerName(office.provider);
  return (
    <section className="card office-card" aria-labelledby="office-card">
      <div className="row wrap">
        <div className="grow">
          <h2 id="office-card">{title}</h2>
          {maker !== title && <small className="faint">{maker} </small>}
          <ConsoleLink provider={office.provider} />
        </div>
        <AbleButton ability={ability} needs="people.create" type="primary" onClick={() => go("/people/join")}>
          {t("joiner.open")}
        </AbleButton>
      </div>
      {!directory && <Skeleton active paragraph={{ rows: 2 }} title={false} />}
      {directory && (
        <>
          <DirectoryLine office={office} directory={directory} />
          <FetchLine office={office} />
          <ul className="sums">
            <li>
              <Link href="/people">{t("staff.count", { count: directory.people.length })}</Link>
            </li>
            <li>{t("lists.departmentCount", { count: directory.departments.length })}</li>
            <li>
              <Link href="/lists">{t("lists.count", { count: directory.lists.length })}</Link>
            </li>
          </ul>
          <DomainLine domain={office.domain} look={looks.find((w) => w.domain === office.domain)} />
          <Todos ability={ability} todos={todos} known={directory.refreshed > 0 && !directory.problem} />
        </>
      )}
    </section>
  );
}

interface LookProps {
  domain: string;
  look?: { domain: string; last?: { at: number; fails: number; warns: number } };
}

/** What the doctor last found of the domain, and the way to ask. */
function DomainLine({ domain, look }: LookProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, go] = useLocation();
  const last = look?.last;
  if (domain === "") return null;
  return (
    <div className="row wrap">
      <span className={last && last.fails > 0 ? "grow bad" : "grow"}>
        {last
          ? t("home.domainLast", {
              domain,
              when: format.moment(last.at),
              fails: String(last.fails),
              warns: String(last.warns),
            })
          : t("home.domainNever", { domain })}
      </span>
      <Button size="small" onClick={() => go(examine(domain))}>
        {t("home.examine")}
      </Button>
    </div>
  );
}

/** How many spans of months are named; the rest stands where they are archived. */
const mostRuns = 2;

/** Of whom or what a line is, in words. */
function useWho() {
  const { t } = useTranslation();
  const format = useFormat();
  return (todo: Todo) => {
    if (todo.code !== "archive")
      return todo.who.join(t("list.comma")) + (todo.count > todo.who.length ? "…" : "");
    const runs = runsOf(todo.who);
    const name = (run: Run) => {
      const words = { from: format.month(run.from), to: format.month(run.to), n: format.number(run.count) };
      if (run.count === 1) return words.from;
      return t(runs.length === 1 ? "home.todo.archive.since" : "home.todo.archive.span", words);
    };
    const said = runs.slice(0, mostRuns).map(name).join(t("list.comma"));
    return runs.length > mostRuns ? `${said}…` : said;
  };
}

function Todos({ ability, todos, known }: { ability: Ability; todos: Todo[]; known: boolean }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const who = useWho();
  if (!known && todos.length === 0) return null;
  return (
    <>
      <h3>{t("home.todo.title")}</h3>
      {todos.length === 0 && (
        <p className="good">
          <CheckCircleOutlined aria-hidden /> {t("home.todo.none")}
        </p>
      )}
      <ul className="todo-list">
        {todos.map((todo) => (
          <li key={todo.code} className="row wrap">
            <span className="grow">
              {t(`home.todo.${todo.code}.text`, { count: todo.count, who: who(todo) })}
            </span>
            <AbleButton
              ability={ability}
              needs={todo.code === "postmaster" || todo.code === "abuse" ? "lists.edit" : ""}
              size="small"
              onClick={() => go(todo.to)}
            >
              {t(`home.todo.${todo.code}.act`)}
            </AbleButton>
          </li>
        ))}
      </ul>
    </>
  );
}
