import { MailOutlined } from "@ant-design/icons";
import { Button, Checkbox } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { LetterRequest, LetterResult } from "@/api/doctor";
import { problemOf } from "@/api/errors";
import type { Problem } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { TroubleCard } from "@/components/TroubleCard";
import { useOpenVault, VaultGate } from "@/components/vault/VaultGate";
import { Journey } from "@/features/doctor/letter/Journey";
import { emptySide, type Side, SideForm, wireSide } from "@/features/doctor/letter/SideForm";
import { recall, remember } from "@/lib/memory";

/** Sends a letter from one mailbox to another and watches it arrive. */
export function LetterPage() {
  return (
    <VaultGate>
      <Letter />
    </VaultGate>
  );
}

const request = "doctor-letter";

function Letter() {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const openVault = useOpenVault();
  const [from, setFrom] = useState<Side>(() => recall("letter-from") ?? emptySide);
  const [to, setTo] = useState<Side>(() => recall("letter-to") ?? emptySide);
  const [same, setSame] = useState(true);
  const [back, setBack] = useState(false);
  const [removed, setRemoved] = useState(true);
  const [steps, setSteps] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<LetterResult>();
  const [trouble, setTrouble] = useState<Problem>();

  useEffect(
    () =>
      client.on("letter:step", (e) => {
        if (e.requestId === request) setSteps((all) => [...all, e.step]);
      }),
    [client],
  );
  useEffect(() => () => void client.app.cancel(request).catch(() => undefined), [client]);

  async function send(sender: Side, receiver: Side) {
    if (!(await openVault())) return;
    setBusy(true);
    setSteps([]);
    setResult(undefined);
    setTrouble(undefined);
    const handles: string[] = [];
    const keep = async (s: Side) => {
      const handle = await client.vault.keep(s.password);
      handles.push(handle);
      return wireSide(s, handle);
    };
    try {
      const out = await keep(sender);
      const order: LetterRequest = {
        from: out,
        to: receiver === sender ? out : await keep(receiver),
        remove: removed,
        language: i18n.language === "en" ? "en" : "zh-CN",
      };
      setResult(await client.testLetter.send(request, order));
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
    } finally {
      setBusy(false);
      // The passwords were for this letter only.
      for (const h of handles) void client.vault.forget(h).catch(() => undefined);
    }
  }
  // The receiver's mailbox is opened first; every later step is the outgoing server's.
  function trust(step: string, pin: string) {
    const reading = step === "ready";
    const pinned = (s: Side): Side =>
      reading ? { ...s, imap: { ...s.imap, pin } } : { ...s, smtp: { ...s.smtp, pin } };
    const first = same || reading === back ? pinned(from) : from;
    const second = !same && reading !== back ? pinned(to) : to;
    setFrom(first);
    setTo(second);
    if (same) void send(first, first);
    else if (back) void send(second, first);
    else void send(first, second);
  }
  const receiver = same ? from : to;
  const ready = complete(from) && complete(receiver) && from.smtp.host !== "";
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("testLetter.title")}</h2>
        <p className="lead">{t("testLetter.lead")}</p>
      </div>
      <div className="two-cards">
        <SideForm
          title={t("testLetter.from")}
          side={from}
          sends
          onChange={(s) => {
            const { password: _, ...rest } = s;
            remember("letter-from", { ...rest, password: "" });
            setFrom(s);
          }}
        >
          <Checkbox checked={same} onChange={(e) => setSame(e.target.checked)}>
            {t("testLetter.same")}
          </Checkbox>
        </SideForm>
        {!same && (
          <SideForm
            title={t("testLetter.to")}
            side={to}
            sends
            onChange={(s) => {
              remember("letter-to", { ...s, password: "" });
              setTo(s);
            }}
          />
        )}
      </div>
      <div>
        <Checkbox checked={removed} onChange={(e) => setRemoved(e.target.checked)}>
          {t("testLetter.remove")}
        </Checkbox>
        <p className="faint">{t("testLetter.removeText")}</p>
      </div>
      <div className="row wrap">
        {busy ? (
          <Button onClick={() => void client.app.cancel(request).catch(() => undefined)}>
            {t("testLetter.stop")}
          </Button>
        ) : (
          <Button
            type="primary"
            disabled={!ready}
            onClick={() => {
              setBack(false);
              void send(from, receiver);
            }}
          >
            {result ? t("testLetter.again") : t("testLetter.send")}
          </Button>
        )}
        {result && !same && !busy && to.smtp.host !== "" && (
          <Button
            onClick={() => {
              setBack(true);
              void send(to, from);
            }}
          >
            {t("testLetter.back")}
          </Button>
        )}
      </div>
      {trouble && <TroubleCard problem={trouble} />}
      {(busy || result) && (
        <Journey steps={steps} busy={busy} result={result} removes={removed} onTrust={trust} />
      )}
      {!busy && !result && !trouble && from.address === "" && (
        <EmptyState icon={<MailOutlined />} title={t("testLetter.empty.title")}>
          <p>{t("testLetter.empty.text")}</p>
        </EmptyState>
      )}
    </div>
  );
}

function complete(s: Side): boolean {
  return s.address.includes("@") && s.password !== "" && s.imap.host !== "";
}
