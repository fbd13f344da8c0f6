import { Checkbox, Input, Skeleton } from "antd";
import type { TFunction } from "i18next";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { PracticePerson } from "@/api/types";
import { PasswordField } from "@/components/PasswordField";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import {
  changeDraft,
  changePerson,
  type Draft,
  type Person,
  readDraft,
  type SideName,
  useDraft,
} from "@/features/move/draft";
import { oneForEach, rowGap } from "@/features/move/draftCheck";
import { isServer } from "@/features/move/draftInput";
import { usePractice } from "@/features/move/ends/PracticeNote";
import { noPassword } from "@/lib/password";
import { useFormat } from "@/lib/useFormat";

/** The practice office's people, to be ticked; the other side's sign-ins beside them. */
export function PracticePeople() {
  const { t, i18n } = useTranslation();
  const english = i18n.language === "en";
  const nameOf = (p: PracticePerson) => (english ? p.englishName : p.name);
  const format = useFormat();
  const draft = useDraft();
  const { data: office } = usePractice();
  const chosen = new Map(draft.people.map((p) => [p.key, p] as const));

  useEffect(() => {
    // Everybody is ticked at first, where nothing else has to be typed for them.
    const d = readDraft();
    const both = d.from.kind === "practice" && d.to.kind === "practice";
    if (office && both && !d.touchedPeople)
      changeDraft({ people: office.people.map((p) => personOf(p, d, english)) });
  }, [office, english]);

  if (!office) return <Skeleton active paragraph={{ rows: 8 }} />;
  const all = office.people.length > 0 && office.people.every((p) => chosen.has(p.address));

  function tick(people: PracticePerson[], on: boolean) {
    changeDraft((d) => {
      const names = new Set(people.map((p) => p.address));
      const rest = d.people.filter((p) => p.from.ready || p.to.ready).filter((p) => !names.has(p.key));
      const added = on ? people.map((p) => chosen.get(p.address) ?? personOf(p, d, english)) : [];
      return { touchedPeople: true, people: [...rest, ...added] };
    });
  }

  const columns: Column<PracticePerson>[] = [
    {
      key: "tick",
      title: (
        <Checkbox
          aria-label={t("move.people.all")}
          checked={all}
          indeterminate={!all && chosen.size > 0}
          onChange={(e) => tick(office.people, e.target.checked)}
        />
      ),
      width: "44px",
      cell: (p) => (
        <Checkbox
          aria-label={nameOf(p)}
          checked={chosen.has(p.address)}
          onChange={(e) => tick([p], e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("move.people.name"),
      width: "minmax(110px, 1fr)",
      cell: (p) => <strong>{nameOf(p)}</strong>,
    },
    {
      key: "address",
      title: t("move.people.address"),
      width: "minmax(150px, 2fr)",
      cell: (p) => <span className="clip">{p.address}</span>,
    },
    {
      key: "department",
      title: t("move.people.department"),
      width: "minmax(90px, 1fr)",
      cell: (p) => <span className="faint clip">{english ? p.englishDepartment : p.department}</span>,
    },
    ...otherColumns(draft, t, chosen),
    {
      key: "messages",
      title: t("move.people.messages"),
      width: "84px",
      align: "end",
      cell: (p) => <span className="tabular">{format.number(p.messages)}</span>,
    },
    {
      key: "size",
      title: t("move.people.size"),
      width: "84px",
      align: "end",
      cell: (p) => <span className="tabular">{format.bytes(p.bytes)}</span>,
    },
  ];
  return (
    <section className="card flush" aria-labelledby="people-title">
      <div className="card-head">
        <h2 id="people-title">
          {t("move.people.practiceTitle", { company: english ? office.englishCompany : office.company })}
        </h2>
      </div>
      <VirtualTable
        label={t("move.people.table")}
        columns={columns}
        rows={office.people}
        rowKey={(p) => p.address}
      />
    </section>
  );
}

function personOf(p: PracticePerson, d: Draft, english: boolean): Person {
  const own = (name: SideName) =>
    d[name].kind === "practice"
      ? {
          user: name === "from" ? p.address : p.newAddress,
          password: noPassword,
          path: "",
          ready: name === "from" ? p.from : p.to,
        }
      : { user: "", password: noPassword, path: "" };
  return { key: p.address, label: english ? p.englishName : p.name, from: own("from"), to: own("to") };
}

function otherColumns(draft: Draft, t: TFunction, chosen: Map<string, Person>): Column<PracticePerson>[] {
  const name = (["from", "to"] as const).find((n) => isServer(draft[n].kind));
  if (!name) return [];
  return [
    {
      key: "user",
      title: t(`move.people.${name}User`),
      width: "minmax(180px, 2fr)",
      cell: (row) => {
        const person = chosen.get(row.address);
        if (!person) return null;
        return (
          <Input
            variant="filled"
            aria-label={`${chosen.get(row.address)?.label ?? row.address}: ${t(`move.people.${name}User`)}`}
            value={person[name].user}
            status={rowGap(draft, name, person) === "twice" ? "error" : undefined}
            onChange={(e) => changePerson(person.key, name, { user: e.target.value })}
          />
        );
      },
    },
    {
      key: "password",
      title: t("move.people.password"),
      width: "minmax(140px, 1fr)",
      cell: (row) => {
        const person = chosen.get(row.address);
        if (!person || !oneForEach(draft[name])) return null;
        return (
          <PasswordField
            bare
            label={`${chosen.get(row.address)?.label ?? row.address}: ${t("move.people.password")}`}
            value={person[name].password}
            onChange={(password) => changePerson(person.key, name, { password })}
          />
        );
      },
    },
  ];
}
