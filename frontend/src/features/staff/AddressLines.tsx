import { Button, Switch, Tag } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import { useChanges } from "@/components/office/ChangesContext";
import { changePerson } from "@/components/office/change";
import type { Ability } from "@/components/office/useOffice";
import { TextField } from "@/components/TextField";

interface Props {
  ability: Ability;
  person: OfficePerson;
}

/** A line an address: which one is the main one, and which the book shows. */
export function AddressLines({ ability, person: p }: Props) {
  const { t } = useTranslation();
  const { propose } = useChanges();
  const id = useId();
  const makeMain = (address: string) =>
    propose([
      changePerson(p, {
        kind: "person.primary",
        address,
        seen: [{ attr: "address", values: [p.address] }],
      }),
    ]);
  const hide = (address: string, on: boolean) =>
    propose([
      changePerson(p, {
        kind: "person.hideAddress",
        address,
        on,
        seen: [{ attr: "hiddenAddresses", values: p.hiddenAddresses }],
      }),
    ]);
  const only = ability.caps?.primaryNew ? t("staff.addresses.onlyNew") : undefined;
  const hides = ability.can("people.hideAddresses");
  // An office for reading only still tells; the others do not say what the book shows.
  const told = hides || ability.support("people.hideAddresses")?.why === "read_only";
  return (
    <section aria-labelledby={id} className="stack">
      <h3 id={id}>{t("staff.addresses.title")}</h3>
      <ul className="address-lines">
        {[p.address, ...p.aliases].map((address) => (
          <li key={address}>
            <span className="clip" title={address}>
              {address}
            </span>
            {address === p.address ? (
              <Tag color="blue">{t("staff.addresses.main")}</Tag>
            ) : (
              <AbleButton
                size="small"
                ability={ability}
                needs="people.primary"
                unable={only}
                aria-label={t("staff.addresses.makeThisMain", { address })}
                onClick={() => makeMain(address)}
              >
                {t("staff.addresses.makeMain")}
              </AbleButton>
            )}
            <span className="row">
              <Switch
                size="small"
                checked={told && !p.hiddenAddresses.includes(address)}
                disabled={!hides}
                aria-label={t("staff.addresses.showThis", { address })}
                aria-describedby={hides ? undefined : `${id}-why`}
                onChange={(shown) => hide(address, !shown)}
              />
              <small className="faint">{t(told ? "staff.addresses.inBook" : "value.unknown")}</small>
            </span>
          </li>
        ))}
      </ul>
      {only && ability.can("people.primary") && <NewMain person={p} onDone={makeMain} />}
      <Reasons id={`${id}-why`} ability={ability} aliases={p.aliases.length > 0} />
    </section>
  );
}

/** Why the main address cannot be chosen, or single addresses not be hidden, and where instead. */
function Reasons({ id, ability, aliases }: { id: string; ability: Ability; aliases: boolean }) {
  const { t } = useTranslation();
  const client = useClient();
  const lacks = [
    { needs: "people.primary", what: t("staff.addresses.main"), told: aliases },
    { needs: "people.hideAddresses", what: t("staff.addresses.inBook"), told: true },
  ].filter((l) => l.told && !ability.can(l.needs));
  const page = lacks.map((l) => ability.support(l.needs)?.console ?? "").find(Boolean);
  if (lacks.length === 0) return null;
  return (
    <div id={id} className="faint">
      {lacks.map((l) => (
        <p key={l.needs}>{t("staff.addresses.lack", { what: l.what, why: ability.why(l.needs) })}</p>
      ))}
      {page && (
        <button
          type="button"
          className="link"
          onClick={() => void client.app.openLink(page).catch(() => undefined)}
        >
          {t("offices.toConsole")}
        </button>
      )}
    </div>
  );
}

/** A new address that is to be the main one, where the provider knows no other way. */
function NewMain({ person, onDone }: { person: OfficePerson; onDone: (address: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const typed = text.trim().toLowerCase();
  const address = typed.includes("@") ? typed : `${typed}@${person.address.split("@")[1] ?? ""}`;
  return (
    <form
      className="address-new"
      aria-label={t("staff.addresses.newMain")}
      onSubmit={(e) => {
        e.preventDefault();
        if (typed !== "") onDone(address);
      }}
    >
      <TextField
        label={t("staff.addresses.newMain")}
        value={text}
        hint={t("staff.addresses.onlyNew")}
        onChange={setText}
      />
      <Button htmlType="submit" disabled={typed === ""}>
        {t("staff.addresses.addAsMain")}
      </Button>
    </form>
  );
}
