import { CloseOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { PersonPicker } from "@/components/office/PersonPicker";
import type { Directory } from "@/components/office/useDirectory";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { readAddresses } from "@/lib/addresses";

interface Props {
  title: string;
  directory: Directory;
  value: string[];
  onChange: (addresses: string[]) => void;
  /** Addresses of other domains can be in it. */
  outside: boolean;
  /** Why not. */
  whyNot: string;
  max: number;
  disabled?: boolean;
}

/** Addresses chosen among the office's people, and typed or pasted from outside. */
export function AddressBox({ title, directory, value, onChange, outside, whyNot, max, disabled }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [said, setSaid] = useState("");
  const byAddress = useMemo(() => new Map(directory.people.map((p) => [p.address, p] as const)), [directory]);
  const chosen = useMemo(
    () => new Set(value.map((a) => byAddress.get(a)?.id).filter((i): i is string => i !== undefined)),
    [value, byAddress],
  );
  const domains = useMemo(() => new Set(directory.domains.map((d) => d.name)), [directory]);
  const isInside = (address: string) => domains.has(address.split("@")[1] ?? "");
  const inside = value.filter(isInside).length;

  function take() {
    const { good, bad } = readAddresses(text);
    const fits = outside ? good : good.filter(isInside);
    const strangers = good.filter((a) => !fits.includes(a));
    onChange([...new Set([...value, ...fits])]);
    setText([...bad, ...strangers].join("\n"));
    const told: string[] = [];
    if (fits.length > 0)
      told.push(t("lists.added", { count: fits.filter((a) => !value.includes(a)).length }));
    if (bad.length > 0) told.push(t("lists.notAddresses", { count: bad.length }));
    if (strangers.length > 0) told.push(`${t("lists.outsideNot", { count: strangers.length })} ${whyNot}`);
    setSaid(told.join(t("list.join")));
  }
  const columns: Column<string>[] = [
    {
      key: "name",
      title: t("attr.name"),
      width: "minmax(90px, 1fr)",
      cell: (a) => (
        <span className="clip">{nameOf(byAddress.get(a)) || (isInside(a) ? "" : t("lists.outside"))}</span>
      ),
    },
    {
      key: "address",
      title: t("attr.address"),
      width: "minmax(170px, 2fr)",
      cell: (a) => (
        <span className="clip" title={a}>
          {a}
        </span>
      ),
    },
    {
      key: "remove",
      title: t("lists.remove"),
      width: "72px",
      cell: (a) => (
        <Button
          size="small"
          type="text"
          disabled={disabled}
          icon={<CloseOutlined aria-hidden />}
          aria-label={t("lists.removeOne", { address: a })}
          onClick={() => onChange(value.filter((v) => v !== a))}
        />
      ),
    },
  ];
  return (
    <fieldset className="field address-box" disabled={disabled}>
      <legend>{title}</legend>
      {!disabled && (
        <>
          <PersonPicker
            label={t("lists.pickMember", { title })}
            directory={directory}
            without={chosen}
            value=""
            onChange={(person) => {
              const address = directory.person.get(person)?.address;
              if (address) onChange([...new Set([...value, address])]);
            }}
          />
          <div className="row">
            <Input.TextArea
              id={id}
              aria-label={t("lists.paste", { title })}
              placeholder={t(outside ? "lists.pasteHint" : "lists.pasteInside")}
              autoSize={{ minRows: 1, maxRows: 5 }}
              value={text}
              maxLength={200_000}
              onChange={(e) => setText(e.target.value)}
            />
            <Button disabled={text.trim() === ""} onClick={take}>
              {t("lists.add")}
            </Button>
          </div>
        </>
      )}
      <small role="status">
        {said || t("lists.counts", { inside: String(inside), outside: String(value.length - inside) })}
        {max > 0 && value.length > max && (
          <span className="bad"> {t("lists.tooMany", { max: String(max) })}</span>
        )}
      </small>
      {value.length > 0 && (
        <VirtualTable
          label={title}
          columns={columns}
          rows={value}
          rowKey={(a) => a}
          rowHeight={34}
          maxRows={6}
          minWidth={320}
        />
      )}
    </fieldset>
  );
}

const nameOf = (p: OfficePerson | undefined) => p?.name ?? "";
