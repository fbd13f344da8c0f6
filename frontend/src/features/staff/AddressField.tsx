import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import type { Directory } from "@/components/office/useDirectory";
import type { Typed } from "@/features/staff/form";
import { UmlautChoice } from "@/features/staff/UmlautChoice";

interface Props {
  office: OfficeInfo;
  directory: Directory;
  f: Typed;
  set: (part: Partial<Typed>) => void;
  /** Who has it already; "" nobody. */
  taken: string;
  /** What else is wrong with it; "" nothing, or nobody asked yet. */
  fault: string;
}

/** The address of somebody new, with proposals made from the name. */
export function AddressField({ office, directory, f, set, taken, fault }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const wrong = taken ? t("staff.form.taken", { who: taken }) : fault;
  const name = useDeferredValue(f.name.trim());
  const proposed = useRef("");
  const [umlaut, setUmlaut] = useState("v");
  const { data: proposals = [] } = useQuery({
    queryKey: ["proposals", office.id, name, umlaut, directory.seq],
    queryFn: () => client.staff.propose(office.id, name, umlaut),
    enabled: name !== "",
    gcTime: 10_000,
  });
  const first = proposals[0]?.address.split("@")[0] ?? "";
  // The field follows the name until the person types an address of their own.
  useEffect(() => {
    if (first !== "" && (f.local === "" || f.local === proposed.current)) {
      proposed.current = first;
      if (f.local !== first) set({ local: first });
    }
  }, [first, f.local, set]);
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
          status={wrong ? "error" : undefined}
          aria-invalid={wrong !== "" || undefined}
          aria-describedby={`${id}-hint`}
          onChange={(e) => set({ local: e.target.value })}
        />
        <span aria-hidden>{at}</span>
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
      <small id={`${id}-hint`} className={wrong ? "bad" : undefined} role="status">
        {wrong || (proposals.length > 0 ? t("staff.form.proposalsHint") : "")}
      </small>
      {proposals.some((p) => p.umlaut) && <UmlautChoice value={umlaut} onChange={setUmlaut} />}
      {proposals.length > 0 && (
        <div className="row wrap" role="group" aria-label={t("staff.form.proposals")}>
          {proposals.map((p) => {
            const [local = "", domain = ""] = p.address.split("@");
            return (
              <Button key={p.address} size="small" onClick={() => set({ local, domain })}>
                {local}
              </Button>
            );
          })}
        </div>
      )}
    </div>
  );
}

const at = "@";
