import { App, Button, Input, Modal, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import type { ArchiveState } from "@/api/records";
import type { Problem } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { useFormat } from "@/lib/useFormat";

const choices = [0, 6, 12, 24, 36, 60, 120] as const;

interface Props {
  office: OfficeInfo;
  state: ArchiveState;
  onState: (state: ArchiveState) => void;
}

/** For how long archives are kept; what is older is shown before anything is deleted. */
export function KeepRule({ office, state, onState }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const format = useFormat();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  // Old months are the beginning of the chain: State counts them from there.
  const old = state.months.slice(0, state.old);
  const until = old.at(-1)?.month ?? "";
  const bytes = old.reduce((sum, m) => sum + m.bytes, 0);
  const rows = old.reduce((sum, m) => sum + m.rows, 0);
  const options = [...new Set<number>([...choices, state.keep])].sort((a, b) => a - b);

  function act(change: Promise<ArchiveState>, done?: () => void) {
    setBusy(true);
    setTrouble(undefined);
    change
      .then((next) => {
        onState(next);
        done?.();
      })
      .catch((e: unknown) => setTrouble(problemOf(e)))
      .finally(() => setBusy(false));
  }
  return (
    <section className="card" aria-labelledby={`${id}-t`}>
      <h2 id={`${id}-t`}>{t("recordsPage.keep.title")}</h2>
      <div className="row wrap">
        <label htmlFor={`${id}-k`}>{t("recordsPage.keep.label")}</label>
        <Select
          id={`${id}-k`}
          className="span-select"
          value={state.keep}
          disabled={busy}
          options={options.map((m) => ({
            value: m,
            label: m === 0 ? t("recordsPage.keep.always") : t("recordsPage.keep.months", { count: m }),
          }))}
          onChange={(m) => act(client.recordArchives.setKeep(office.id, m))}
        />
        <span className="faint">{t("recordsPage.keep.hint")}</span>
      </div>
      {old.length > 0 && (
        <div className="notice">
          <p>
            {t("recordsPage.keep.old", {
              count: old.length,
              from: format.month(old[0]?.month ?? ""),
              to: format.month(until),
            })}
          </p>
          <div className="row">
            <Button
              danger
              onClick={() => {
                setTyped("");
                setAsking(true);
              }}
            >
              {t("recordsPage.keep.preview")}
            </Button>
          </div>
        </div>
      )}
      {trouble && <TroubleCard problem={trouble} />}
      {asking && (
        <Modal
          open
          title={t("recordsPage.keep.askTitle")}
          okText={t("recordsPage.keep.delete", { count: old.length })}
          okButtonProps={{ danger: true, loading: busy, disabled: typed.trim() !== until }}
          cancelText={t("recordsPage.keep.leave")}
          onCancel={() => setAsking(false)}
          onOk={() =>
            act(client.recordArchives.deleteOld(office.id, until), () => {
              setAsking(false);
              void message.success(t("recordsPage.keep.deleted", { count: old.length }));
            })
          }
        >
          <p>
            {t("recordsPage.keep.askText", {
              count: rows,
              rows: format.number(rows),
              size: format.bytes(bytes),
            })}
          </p>
          <ul className="points old-months">
            {old.map((m) => (
              <li key={m.seq}>
                {format.month(m.month)} ·{" "}
                {t("recordsPage.archive.rows", { count: m.rows, n: format.number(m.rows) })} ·{" "}
                {format.bytes(m.bytes)}
              </li>
            ))}
          </ul>
          <p className="faint">{t("recordsPage.keep.askNote")}</p>
          <div className="field">
            <label htmlFor={`${id}-typed`}>{t("recordsPage.typeLabel", { typed: until })}</label>
            <Input
              id={`${id}-typed`}
              value={typed}
              autoComplete="off"
              onChange={(e) => setTyped(e.target.value)}
            />
          </div>
        </Modal>
      )}
    </section>
  );
}
