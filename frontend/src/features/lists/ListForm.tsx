import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Input, Select, Skeleton } from "antd";
import { useCallback, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo, OfficeList } from "@/api/offices";
import { type Fault, faultOf, showFault } from "@/components/fault";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { useAddressUse } from "@/components/office/useAddressUse";
import type { Directory } from "@/components/office/useDirectory";
import { type Ability, useMakerName } from "@/components/office/useOffice";
import { TextField } from "@/components/TextField";
import { TroubleCard } from "@/components/TroubleCard";
import { creating, deleting, editing, type Typed, takesSenders, typedOf } from "@/features/lists/form";
import { ListFields } from "@/features/lists/ListFields";
import { isAddress } from "@/lib/addresses";

interface Props {
  office: OfficeInfo;
  ability: Ability;
  directory: Directory;
  /** Without: a new one. */
  list?: OfficeList;
  /** The first part of a new one's address. */
  fresh?: string;
  onClose: () => void;
}

/** A list from a closer look at the provider: listings know only a part of some. */
export function ListDrawer({ list, ...rest }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { office, onClose } = rest;
  const { data, error, refetch } = useQuery({
    queryKey: keys.list(office.id, list?.id ?? ""),
    queryFn: () => client.directory.list(office.id, list?.id ?? ""),
    enabled: list !== undefined,
    staleTime: 0,
  });
  const title = list ? list.name || list.address : t("lists.new");
  return (
    <Drawer open size={660} title={title} onClose={onClose} className="person-form">
      {list && !data && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {error ? <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} /> : null}
      {data && !data.fresh && <p className="warn">{t("staff.notFresh")}</p>}
      {(!list || data) && <ListForm key={data?.list.id} {...rest} list={data?.list} />}
    </Drawer>
  );
}

function ListForm({ office, ability, directory, list, fresh = "", onClose }: Props) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const makerName = useMakerName();
  const traits = ability.caps?.lists;
  const [f, setF] = useState<Typed>(() => ({
    ...typedOf(list, directory, traits?.policies ?? []),
    ...(!list &&
      fresh && {
        local: fresh,
        name: fresh,
        ...(traits?.policies.includes("anyone") && { policy: "anyone" }),
      }),
  }));
  const [tried, setTried] = useState(false);
  const set = useCallback((part: Partial<Typed>) => setF((before) => ({ ...before, ...part })), []);
  const use = useAddressUse(directory);
  const address = list?.address ?? `${f.local.trim().toLowerCase()}@${f.domain}`;
  const form = useRef<HTMLFormElement>(null);
  const wrong = useMemo<Fault<"address" | "senders"> | undefined>(() => {
    if (!list && f.local.trim() === "") return { field: "address", text: t("staff.form.needAddress") };
    if (!list && !isAddress(address)) return { field: "address", text: t("staff.form.badAddress") };
    const who = list ? "" : use(address);
    if (who) return { field: "address", text: t("staff.form.taken", { who }) };
    if (takesSenders(f.policy) && f.senders.length === 0)
      return { field: "senders", text: t("lists.needSenders") };
    return undefined;
  }, [f, list, address, use, t]);
  const told = tried ? wrong : undefined;
  const changes = list ? editing(f, list) : creating(f);
  const can = ability.can("lists.edit");

  function next() {
    showFault(form.current, () => setTried(true));
    if (wrong || changes.length === 0) return;
    propose(changes, (run) => {
      if (run.failed === 0) onClose();
    });
  }
  if (!traits) return <Skeleton active />;
  return (
    <form
      ref={form}
      className="stack"
      aria-label={list ? t("lists.edit", { name: list.name || list.address }) : t("lists.new")}
      onSubmit={(e) => {
        e.preventDefault();
        next();
      }}
    >
      {!can && <p className="warn">{ability.why("lists.edit")}</p>}
      <TextField
        label={t("lists.name")}
        value={f.name}
        autoFocus={!list}
        disabled={!can || (list !== undefined && !traits.rename)}
        hint={list && !traits.rename ? t("officeReason.notHere") : undefined}
        onChange={(name) => set({ name })}
      />
      {list ? (
        <dl className="facts">
          <div className="facts-row">
            <dt>{t("attr.address")}</dt>
            <dd>{list.address}</dd>
          </div>
        </dl>
      ) : (
        <Address
          directory={directory}
          f={f}
          set={set}
          fault={faultOf(told, "address") || (use(address) && t("staff.form.taken", { who: use(address) }))}
        />
      )}
      <ListFields
        f={f}
        set={set}
        traits={traits}
        directory={directory}
        self={list?.address ?? ""}
        provider={makerName(office.provider)}
        disabled={!can}
      />
      {faultOf(told, "senders") && (
        <p className="bad" role="alert">
          {faultOf(told, "senders")}
        </p>
      )}
      {tried && list && changes.length === 0 && <p role="status">{t("staff.form.unchanged")}</p>}
      <div className="row wrap">
        <AbleButton ability={ability} needs="lists.edit" type="primary" htmlType="submit">
          {t("staff.form.next")}
        </AbleButton>
        <Button onClick={onClose}>{t("staff.form.cancel")}</Button>
        <span className="grow" />
        {list && (
          <AbleButton
            ability={ability}
            needs="lists.edit"
            danger
            onClick={() =>
              propose(deleting([list]), (run) => {
                if (run.failed === 0) onClose();
              })
            }
          >
            {t("staff.delete")}
          </AbleButton>
        )}
      </div>
    </form>
  );
}

interface AddressProps {
  directory: Directory;
  f: Typed;
  set: (part: Partial<Typed>) => void;
  fault: string;
}

function Address({ directory, f, set, fault }: AddressProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("attr.address")}</label>
      <div className="row address-field">
        <Input
          id={id}
          value={f.local}
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
          status={fault ? "error" : undefined}
          aria-invalid={fault !== "" || undefined}
          aria-describedby={`${id}-hint`}
          onChange={(e) => set({ local: e.target.value })}
        />
        <span aria-hidden>{"@"}</span>
        {directory.domains.length > 1 ? (
          <Select
            aria-label={t("staff.form.domain")}
            value={f.domain}
            onChange={(domain) => set({ domain })}
            options={directory.domains.map((d) => ({ value: d.name, label: d.name }))}
          />
        ) : (
          <span>{f.domain}</span>
        )}
      </div>
      <small id={`${id}-hint`} className={fault ? "bad" : undefined} role="status">
        {fault}
      </small>
    </div>
  );
}
