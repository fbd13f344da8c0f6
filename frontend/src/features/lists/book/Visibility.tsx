import { Checkbox, Skeleton } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo, OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { changePerson } from "@/components/office/change";
import { useDirectory } from "@/components/office/useDirectory";
import { useHits } from "@/components/office/useHits";
import { useAbility, useMakerName } from "@/components/office/useOffice";
import { SearchField } from "@/components/SearchField";
import { type Column, VirtualTable } from "@/components/VirtualTable";

/** Who appears in the company's address book. */
export function Visibility({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const { propose } = useChanges();
  const client = useClient();
  const makerName = useMakerName();
  const [text, setText] = useState("");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const hits = useHits(directory, text);
  const rows = useMemo(
    () => (directory?.people ?? []).filter((p, i) => p.status !== "deleted" && (!hits || hits[i])),
    [directory, hits],
  );
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  const chosen = rows.filter((p) => marked.has(p.id));
  const everybody = directory.people.filter((p) => p.status !== "deleted");
  const hidden = everybody.filter((p) => p.hidden === "yes").length;
  const differing = (people: OfficePerson[], on: boolean) =>
    people.filter((p) => (p.hidden === "yes") !== on);
  const set = (people: OfficePerson[], on: boolean) =>
    propose(
      differing(people, on).map((p) => changePerson(p, { kind: "person.hide", on })),
      () => setMarked(new Set()),
    );
  const support = ability.support("people.hide");
  const apart = ability.can("people.primary") && ability.can("people.hideAddresses");
  const mark = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    setMarked(next);
  };
  const columns: Column<OfficePerson>[] = [
    {
      key: "mark",
      title: (
        <Checkbox
          aria-label={t("staff.selectAll")}
          checked={rows.length > 0 && rows.every((p) => marked.has(p.id))}
          onChange={(e) => setMarked(e.target.checked ? new Set(rows.map((p) => p.id)) : new Set())}
        />
      ),
      width: "40px",
      cell: (p) => (
        <Checkbox
          aria-label={t("staff.select", { name: p.name || p.address })}
          checked={marked.has(p.id)}
          onChange={(e) => mark(p.id, e.target.checked)}
        />
      ),
    },
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(110px, 1fr)",
      cell: (p) => <span className="clip">{p.name}</span>,
    },
    {
      key: "address",
      title: t("book.visible.shownAs"),
      width: "minmax(170px, 1.6fr)",
      cell: (p) => (
        <span className="clip" title={[p.address, ...p.aliases].join("\n")}>
          {p.address}{" "}
          {p.aliases.length > 0 && (
            <small className="faint">{t("book.visible.others", { count: p.aliases.length })}</small>
          )}{" "}
          {p.hiddenAddresses.length > 0 && (
            <small className="faint">{t("book.visible.left", { count: p.hiddenAddresses.length })}</small>
          )}
        </span>
      ),
    },
    {
      key: "hidden",
      title: t("book.inBook"),
      width: "140px",
      cell: (p) =>
        p.hidden === "" ? t("value.unknown") : p.hidden === "yes" ? t("book.isHidden") : t("book.isShown"),
    },
  ];
  return (
    <>
      <div className="row wrap filter-bar apart">
        <SearchField label={t("staff.search")} value={text} onChange={setText} />
        {([false, true] as const).map((on) => (
          <AbleButton
            key={String(on)}
            ability={ability}
            needs="people.hide"
            disabled={differing(chosen, on).length === 0}
            onClick={() => set(chosen, on)}
          >
            {t(on ? "lists.act.hide" : "lists.act.show")}
          </AbleButton>
        ))}
        {([false, true] as const).map((on) => (
          <AbleButton
            key={`all ${on}`}
            ability={ability}
            needs="people.hide"
            type="text"
            disabled={differing(everybody, on).length === 0}
            onClick={() => set(everybody, on)}
          >
            {t(on ? "book.visible.hideAll" : "book.visible.showAll")}
          </AbleButton>
        ))}
      </div>
      {ability.can("people.hide") ? (
        <p className="faint">
          {t("book.visibleHint")} {t("book.visible.count", { shown: everybody.length - hidden, hidden })}
        </p>
      ) : (
        <section className="book-note" aria-label={t("lists.section.visible")}>
          <p className="grow">{ability.why("people.hide")}</p>
        </section>
      )}
      <p className="faint row wrap">
        <span>
          {t(apart ? "book.visible.apart" : "book.visible.primary", { provider: makerName(office.provider) })}
        </span>
        {support?.console && (
          <button
            type="button"
            className="link"
            onClick={() => void client.app.openLink(support.console).catch(() => undefined)}
          >
            {t("offices.toConsole")}
          </button>
        )}
      </p>
      <VirtualTable
        label={t("lists.section.visible")}
        columns={columns}
        rows={rows}
        rowKey={(p) => p.id}
        maxRows={10}
        minWidth={520}
      />
    </>
  );
}
