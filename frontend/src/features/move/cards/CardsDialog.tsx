import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, InputNumber, Modal, Radio, Select, Skeleton } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { CardOrder, Move, PaperLanguage, Problem, ProviderInfo } from "@/api/types";
import { useProviders } from "@/api/useProviders";
import { TroubleCard } from "@/components/TroubleCard";

const languages: PaperLanguage[] = ["zh-CN", "en", "both"];

/** Asks for which provider the cards are, and saves them into a folder. */
export function CardsDialog({ move, onClose }: { move: Move; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const providers = useProviders();
  const id = useId();
  const english = i18n.language === "en";
  const { data: plan, error } = useQuery({
    queryKey: keys.cards(move.id),
    queryFn: () => client.cards.plan(move.id),
  });
  const [change, setChange] = useState<Partial<CardOrder>>({});
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState("");
  const [trouble, setTrouble] = useState<Problem>();
  const order: CardOrder = {
    moveId: move.id,
    provider: plan?.provider ?? "",
    smtp: { host: "", port: 587, security: "starttls", place: "" },
    language: english ? "en" : "zh-CN",
    ...change,
  };
  const ready = plan !== undefined && plan.people.length > 0 && (order.provider || plan.server.host);

  async function save() {
    setBusy(true);
    setTrouble(undefined);
    try {
      const folder = await client.cards.save(order);
      if (folder) setSaved(folder);
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Modal
      open
      width={560}
      title={t("cards.make")}
      onCancel={onClose}
      footer={
        saved ? (
          <Button type="primary" onClick={onClose}>
            {t("papers.close")}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("papers.cancel")}</Button>
            <Button type="primary" disabled={!ready} loading={busy} onClick={() => void save()}>
              {t("papers.chooseFolder")}
            </Button>
          </>
        )
      }
    >
      {error && <TroubleCard problem={problemOf(error)} />}
      {!plan && !error && <Skeleton active />}
      {saved && <Alert type="success" showIcon title={t("cards.saved")} description={<code>{saved}</code>} />}
      {plan && !saved && (
        <div className="stack">
          <p>{t("cards.about", { count: plan.people.length })}</p>
          {plan.nameless > 0 && <p className="notice">{t("cards.nameless", { count: plan.nameless })}</p>}
          <div className="field">
            <label htmlFor={`${id}-provider`}>{t("cards.provider")}</label>
            <Select
              id={`${id}-provider`}
              value={order.provider}
              showSearch={{ optionFilterProp: "label" }}
              onChange={(provider: string) => setChange((c) => ({ ...c, provider }))}
              options={[
                ...(plan.server.host
                  ? [{ value: "", label: t("cards.ownServer", { host: plan.server.host }) }]
                  : []),
                ...providers.map((p) => ({ value: p.id, label: nameOf(p, english) })),
              ]}
            />
          </div>
          {order.provider === "" && plan.server.host && (
            <div className="field-pair">
              <div className="field">
                <label htmlFor={`${id}-smtp`}>{t("cards.smtpHost")}</label>
                <Input
                  id={`${id}-smtp`}
                  value={order.smtp.host}
                  placeholder="smtp.example.com"
                  onChange={(e) => {
                    const host = e.target.value.trim();
                    setChange((c) => ({ ...c, smtp: { ...order.smtp, host } }));
                  }}
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
                  value={order.smtp.port}
                  onChange={(port) =>
                    setChange((c) => ({
                      ...c,
                      smtp: {
                        ...order.smtp,
                        port: port ?? 587,
                        security: port === 465 ? "tls" : "starttls",
                      },
                    }))
                  }
                />
              </div>
            </div>
          )}
          <fieldset className="field">
            <legend id={`${id}-language`}>{t("papers.language.label")}</legend>
            <Radio.Group
              aria-labelledby={`${id}-language`}
              value={order.language}
              onChange={(e) => setChange((c) => ({ ...c, language: e.target.value as PaperLanguage }))}
              options={languages.map((value) => ({ value, label: t(`papers.language.${value}`) }))}
            />
          </fieldset>
          {trouble && <TroubleCard problem={trouble} acts={{ again: () => void save() }} />}
        </div>
      )}
    </Modal>
  );
}

function nameOf(p: ProviderInfo, english: boolean): string {
  return english ? p.nameEn : p.nameZh;
}
