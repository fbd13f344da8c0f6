import { CheckCircleFilled, LoadingOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { FoundCandidate, FoundProvider, ProviderInfo } from "@/api/types";

interface Props {
  found: FoundProvider | undefined;
  busy: boolean;
  providers: ProviderInfo[];
  /** The host that is filled in now. */
  host: string;
  onChoose: (c: FoundCandidate) => void;
}

/** Says whose mail an address is, and how that was found; offers what else it may be. */
export function FoundLine({ found, busy, providers, host, onChoose }: Props) {
  const { t, i18n } = useTranslation();
  const nameOf = (c: FoundCandidate) => {
    const p = providers.find((known) => known.id === c.provider);
    return p ? (i18n.language === "en" ? p.nameEn : p.nameZh) : (c.imap[0]?.host ?? "");
  };
  if (busy && !found) {
    return (
      <p className="found faint" role="status">
        <LoadingOutlined aria-hidden /> {t("providers.looking")}
      </p>
    );
  }
  if (!found) return null;
  const zh = i18n.language !== "en";
  const sender = zh ? found.senderZh : found.senderEn;
  const gateway = zh ? found.gatewayZh : found.gatewayEn;
  const usable = found.candidates.filter((c) => c.imap.length > 0);
  const chosen = usable.find((c) => c.imap.some((s) => s.host === host)) ?? usable[0];
  const others = usable.filter((c) => c !== chosen);
  const sure = chosen && chosen.by !== "custom" && !sender;
  return (
    <div className="found" role="status">
      {sender && (
        <p className="notice">{t("providers.senderOnly", { domain: found.domain, name: sender })}</p>
      )}
      {sure && (
        <p className={chosen.certainty === "sure" ? "good" : undefined}>
          {chosen.certainty === "sure" && <CheckCircleFilled aria-hidden />} <strong>{nameOf(chosen)}</strong>{" "}
          <span className="faint">{t(`providers.by.${chosen.by}`, { evidence: chosen.evidence })}</span>
        </p>
      )}
      {chosen && !sure && !sender && (
        <p className="faint">
          {t(found.offline ? "providers.offline" : "providers.notFound", { domain: found.domain })}
        </p>
      )}
      {gateway && <p className="faint">{t("providers.gateway", { name: gateway })}</p>}
      {others.length > 0 && !sender && (
        <p className="faint">
          {t("providers.orElse")}{" "}
          {others.map((c, i) => (
            <span key={c.by + c.evidence}>
              {i > 0 && t("list.join")}
              <button type="button" className="link" onClick={() => onChoose(c)}>
                {nameOf(c)}
              </button>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
