import { AutoComplete, InputNumber, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ProviderInfo, Security } from "@/api/types";
import { changeSide, type SideName, useDraft } from "@/features/move/draft";
import { setOrigin } from "@/features/move/ends/found";

/** Server, port and encryption, by hand or by choosing a provider. */
export function ServerFields({ name, providers }: { name: SideName; providers: ProviderInfo[] }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const side = useDraft()[name];
  const english = i18n.language === "en";

  function choose(p: ProviderInfo) {
    const server = p.imap[0];
    setOrigin(name, { by: "person", provider: p.id, domain: "" });
    changeSide(name, {
      host: server?.host ?? "",
      port: server?.port ?? null,
      security: server?.security ?? "tls",
      pin: "",
    });
  }
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-host`}>{t("move.ends.host")}</label>
        <AutoComplete
          id={`${id}-host`}
          value={side.host}
          placeholder="imap.example.com"
          options={providers.map((p) => ({ value: p.id, label: english ? p.nameEn : p.nameZh }))}
          showSearch={{
            filterOption: (text, option) => {
              const p = providers.find((s) => s.id === option?.value);
              return p ? searchable(p).includes(text.toLowerCase()) : false;
            },
          }}
          onSelect={(key) => {
            const p = providers.find((s) => s.id === key);
            if (p) choose(p);
          }}
          onChange={(host) => {
            if (providers.some((s) => s.id === host)) return;
            setOrigin(name, { by: "person", provider: "", domain: "" });
            changeSide(name, { host, pin: "" });
          }}
        />
        <small>{t("move.ends.hostNote")}</small>
      </div>
      <div className="field-pair">
        <div className="field">
          <label htmlFor={`${id}-security`}>{t("move.ends.security")}</label>
          <Select<Security>
            id={`${id}-security`}
            value={side.security}
            onChange={(security) => changeSide(name, { security, port: null, pin: "" })}
            options={(["tls", "starttls", "plain"] as const).map((value) => ({
              value,
              label: t(`move.ends.securities.${value}`),
            }))}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-port`}>{t("move.ends.port")}</label>
          <InputNumber
            id={`${id}-port`}
            min={1}
            max={65535}
            precision={0}
            controls={false}
            value={side.port}
            placeholder={side.security === "tls" ? "993" : "143"}
            onChange={(port) => changeSide(name, { port, pin: "" })}
          />
        </div>
      </div>
      {side.security === "plain" && <p className="notice">{t("move.ends.plainNote")}</p>}
    </>
  );
}

function searchable(p: ProviderInfo): string {
  return [p.nameZh, p.nameEn, ...p.also, ...p.imap.map((s) => s.host)].join(" ").toLowerCase();
}
