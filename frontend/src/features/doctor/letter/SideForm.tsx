import { Input, InputNumber, Select } from "antd";
import { type ReactNode, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { LetterSide } from "@/api/doctor";
import { nowhere } from "@/api/nowhere";
import type { Security } from "@/api/types";

interface Host {
  host: string;
  port: number;
  security: Security;
  /** SHA-256 of the one certificate that the person trusts; "" none. */
  pin: string;
}

/** One mailbox of a test letter, as it stands in the form. */
export interface Side {
  address: string;
  password: string;
  imap: Host;
  smtp: Host;
  guessed: boolean;
  secretZh: string;
  secretEn: string;
}

export const emptySide: Side = {
  address: "",
  password: "",
  imap: { host: "", port: 993, security: "tls", pin: "" },
  smtp: { host: "", port: 465, security: "tls", pin: "" },
  guessed: false,
  secretZh: "",
  secretEn: "",
};

export function wireSide(s: Side, secret: string): LetterSide {
  return {
    address: s.address.trim(),
    endpoint: { ...nowhere.endpoint, ...s.imap, user: s.address.trim(), secret },
    outgoing: { ...s.smtp, user: "", secret: "" },
  };
}

interface Props {
  title: string;
  side: Side;
  /** Whether its outgoing server is asked for too. */
  sends: boolean;
  onChange: (side: Side) => void;
  children?: ReactNode;
}

/** Address and password; the servers are found by themselves and can be corrected. */
export function SideForm({ title, side, sends, onChange, children }: Props) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const id = useId();
  const [asked, setAsked] = useState("");
  // The person goes on typing while the servers are looked for.
  const latest = useRef(side);
  latest.current = side;
  const name = i18n.language === "en" ? side.secretEn : side.secretZh;

  // The servers are looked for when the address is complete.
  async function find() {
    const address = side.address.trim();
    if (!address.includes("@") || address === asked) return;
    setAsked(address);
    const place = await client.guides.place(`doctor-place-${id}`, address).catch(() => undefined);
    if (latest.current.address.trim() !== address) return;
    if (!place) {
      onChange({ ...latest.current, guessed: true }); // the person fills the servers in
      return;
    }
    const host = (h: { host: string; port: number; security: Security }): Host => ({
      host: h.host,
      port: h.port,
      security: h.security,
      pin: "",
    });
    onChange({
      ...latest.current,
      imap: host(place.endpoint),
      smtp: host(place.outgoing),
      guessed: place.guessed,
      secretZh: place.secretZh,
      secretEn: place.secretEn,
    });
  }
  return (
    <section className="card" aria-label={title}>
      <h3>{title}</h3>
      <div className="field">
        <label htmlFor={`${id}-a`}>{t("testLetter.address")}</label>
        <Input
          id={`${id}-a`}
          value={side.address}
          spellCheck={false}
          onChange={(e) => onChange({ ...side, address: e.target.value })}
          onBlur={() => void find()}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-p`}>{t("testLetter.password")}</label>
        <Input.Password
          id={`${id}-p`}
          value={side.password}
          autoComplete="off"
          onChange={(e) => onChange({ ...side, password: e.target.value })}
        />
        {name && <small>{t("testLetter.wantsSecret", { name })}</small>}
      </div>
      {children}
      <details className="folded" open={side.guessed}>
        <summary>{t("testLetter.servers")}</summary>
        {side.guessed && <p className="warn">{t("testLetter.guessed")}</p>}
        <HostFields
          label={t("testLetter.imap")}
          value={side.imap}
          onChange={(imap) => onChange({ ...side, imap })}
        />
        {sends && (
          <HostFields
            label={t("testLetter.smtp")}
            value={side.smtp}
            onChange={(smtp) => onChange({ ...side, smtp })}
          />
        )}
      </details>
    </section>
  );
}

function HostFields({ label, value, onChange }: { label: string; value: Host; onChange: (h: Host) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="host-fields">
      <div className="field">
        <label htmlFor={`${id}-h`}>{label}</label>
        <Input
          id={`${id}-h`}
          value={value.host}
          spellCheck={false}
          onChange={(e) => onChange({ ...value, host: e.target.value.trim(), pin: "" })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-o`}>{t("testLetter.port")}</label>
        <InputNumber
          id={`${id}-o`}
          min={1}
          max={65535}
          value={value.port}
          onChange={(port) => onChange({ ...value, port: port ?? value.port, pin: "" })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-s`}>{t("testLetter.security")}</label>
        <Select<Security>
          id={`${id}-s`}
          value={value.security}
          options={[
            { value: "tls", label: t("testLetter.tls") },
            { value: "starttls", label: t("testLetter.starttls") },
            { value: "plain", label: t("testLetter.plain") },
          ]}
          onChange={(security) => onChange({ ...value, security, pin: "" })}
        />
      </div>
    </div>
  );
}
