import { App, Button, Input, Select, Switch } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { OfficeInfo, OfficeMaker } from "@/api/offices";
import { ConsoleLink } from "@/components/office/ConsoleLink";
import { nameOf, useMakers, useOffices } from "@/components/office/useOffice";
import { useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { CapabilityTable } from "@/features/office/CapabilityTable";
import { DomainField } from "@/features/office/DomainField";
import { missingField, type Typed, typedOf } from "@/features/office/draftOffice";
import { FieldInput } from "@/features/office/FieldInput";
import { useConnect } from "@/features/office/useConnect";
import { useCodeText } from "@/lib/codeText";

/** Connects an office, or changes how one is connected. */
export function ConnectPage({ id }: { id?: string }) {
  const { data: makers } = useMakers();
  const { data: offices } = useOffices();
  const office = offices?.find((o) => o.id === id);
  if (!makers || (id && !office)) return null;
  return (
    <VaultGate>
      <ConnectForm key={id ?? ""} makers={makers} office={office} />
    </VaultGate>
  );
}

function ConnectForm({ makers, office }: { makers: OfficeMaker[]; office?: OfficeInfo }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const trouble = useOfficeTrouble();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const [typed, setTyped] = useState<Typed>(() => typedOf(office));
  const [missing, setMissing] = useState<string | undefined>();
  const connect = useConnect(office);
  const outcome = useRef<HTMLDivElement>(null);
  // The form is longer than the window: what the test found comes into sight by itself.
  useEffect(() => {
    if (connect.trouble || connect.check) outcome.current?.scrollIntoView?.({ block: "end" });
  }, [connect.trouble, connect.check]);
  const maker = makers.find((m) => m.id === typed.provider);
  const set = (part: Partial<Typed>) => {
    setMissing(undefined);
    connect.forget();
    setTyped((before) => ({ ...before, ...part }));
  };
  function complete(): OfficeMaker | undefined {
    const lacks = maker && missingField(maker, typed, office);
    setMissing(lacks);
    return lacks === undefined ? maker : undefined;
  }
  async function save() {
    const ready = complete();
    const saved = ready && (await connect.save(typed, ready));
    if (!saved) return;
    void message.success(t("connect.saved", { name: saved.title }));
    go("/people");
  }
  return (
    <div className="page narrow">
      <PageHeader
        title={t(office ? "connect.edit" : "connect.title")}
        lead={t("connect.lead")}
        above={<Link href="/offices">{t("offices.title")}</Link>}
      />
      <section className="card form-card" aria-label={t("connect.title")}>
        {!office && (
          <DomainField
            domain={typed.domain}
            onDomain={(domain) => set({ domain })}
            onProvider={(provider) => set({ provider })}
          />
        )}
        <ProviderChoice makers={makers} typed={typed} set={set} fixed={office !== undefined} />
        {maker && <Fields maker={maker} typed={typed} set={set} missing={missing} office={office} />}
        {missing && (
          <p className="bad" role="alert">
            {t("connect.missing", { field: code(`office.${typed.provider}`, `${missing}.label`) })}
          </p>
        )}
        {connect.trouble && <TroubleCard problem={connect.trouble} text={trouble(connect.trouble)} />}
        {connect.check && (
          <p className="good" role="status">
            {t("connect.works", { domains: connect.check.domains.map((d) => d.name).join(", ") })}
          </p>
        )}
        <div className="row wrap" ref={outcome}>
          <Button
            type="primary"
            disabled={!maker}
            loading={connect.busy === "save"}
            onClick={() => void save()}
          >
            {t(office ? "connect.saveEdit" : "connect.save")}
          </Button>
          <Button
            disabled={!maker || connect.busy !== ""}
            onClick={() => {
              const ready = complete();
              if (ready) void connect.test(typed, ready);
            }}
          >
            {connect.busy === "test" ? t("connect.testing") : t("connect.test")}
          </Button>
          {connect.busy !== "" && <Button onClick={connect.stop}>{t("connect.stop")}</Button>}
          <Button onClick={() => go("/offices")}>{t("connect.cancel")}</Button>
        </div>
      </section>
      {connect.check && maker && (
        <section className="card" aria-labelledby="can-title">
          <h2 id="can-title">{t("offices.canTitle")}</h2>
          <CapabilityTable provider={maker.id} support={connect.check.capabilities.support} />
        </section>
      )}
    </div>
  );
}

interface ChoiceProps {
  makers: OfficeMaker[];
  typed: Typed;
  set: (part: Partial<Typed>) => void;
  fixed: boolean;
}

function ProviderChoice({ makers, typed, set, fixed }: ChoiceProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{t("connect.provider")}</label>
        <Select
          id={id}
          value={typed.provider || undefined}
          placeholder={t("connect.providerPick")}
          disabled={fixed}
          onChange={(provider: string) => set({ provider, values: {}, secrets: {} })}
          options={makers.map((m) => ({ value: m.id, label: nameOf(m, i18n.language) }))}
        />
        <ConsoleLink provider={typed.provider} />
      </div>
      <div className="field">
        <label htmlFor={`${id}-name`}>{t("connect.name")}</label>
        <Input
          id={`${id}-name`}
          value={typed.name}
          placeholder={t("connect.nameHint")}
          onChange={(e) => set({ name: e.target.value })}
        />
      </div>
    </>
  );
}

interface FieldsProps {
  maker: OfficeMaker;
  typed: Typed;
  set: (part: Partial<Typed>) => void;
  missing?: string;
  office?: OfficeInfo;
}

function Fields({ maker, typed, set, missing, office }: FieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      {maker.fields.map((f) => {
        const secret = f.kind === "secret" || f.kind === "key";
        return (
          <FieldInput
            key={f.key}
            provider={maker.id}
            field={f}
            invalid={missing === f.key}
            kept={office?.secrets.includes(f.key) ?? false}
            value={(secret ? typed.secrets[f.key] : typed.values[f.key]) ?? ""}
            onChange={(value) =>
              set(
                secret
                  ? { secrets: { ...typed.secrets, [f.key]: value } }
                  : { values: { ...typed.values, [f.key]: value } },
              )
            }
          />
        );
      })}
      {maker.fields.length === 0 && <p className="faint">{t("connect.keysPractice")}</p>}
      <div className="row">
        <Switch
          id={`${id}-ro`}
          aria-labelledby={`${id}-ro-label`}
          checked={typed.readOnly}
          onChange={(readOnly) => set({ readOnly })}
        />
        <label id={`${id}-ro-label`} htmlFor={`${id}-ro`}>
          {t("connect.readOnly")}
        </label>
      </div>
      <details className="folded" open={typed.baseUrl !== "" || undefined}>
        <summary>{t("connect.advanced")}</summary>
        <div className="field">
          <label htmlFor={`${id}-base`}>{t("connect.baseUrl")}</label>
          <Input
            id={`${id}-base`}
            value={typed.baseUrl}
            spellCheck={false}
            placeholder={t("connect.baseUrlHint")}
            onChange={(e) => set({ baseUrl: e.target.value })}
          />
        </div>
      </details>
    </>
  );
}
