import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { RemovedOffice } from "@/api/records";
import type { Problem } from "@/api/types";
import { officeTitle } from "@/components/office/officeTitle";
import { openShelf } from "@/components/records/useShelf";
import { TroubleCard } from "@/components/TroubleCard";
import { pathOf } from "@/features/records/places";
import { useFormat } from "@/lib/useFormat";

/** Records of offices that are no longer connected: to be read, or deleted by choice. */
export function RemovedOffices() {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const [, go] = useLocation();
  const [deleting, setDeleting] = useState<RemovedOffice>();
  const { data: all = [] } = useQuery({
    queryKey: keys.removedOffices,
    queryFn: () => client.recordSources.removed(),
    retry: false,
  });
  if (all.length === 0) return null;
  const called = (o: RemovedOffice) => officeTitle(t, o);
  return (
    <section className="card" aria-labelledby="removed-title">
      <h2 id="removed-title">{t("recordsPage.removed.title")}</h2>
      <p className="faint">{t("recordsPage.removed.lead")}</p>
      <ul className="folders" aria-labelledby="removed-title">
        {all.map((o) => (
          <li key={o.id} className="row wrap">
            <span className="grow two-lines">
              <span>
                {o.removed > 0
                  ? t("recordsPage.removed.on", { title: called(o), at: format.moment(o.removed) })
                  : called(o)}
              </span>
              <small className="faint">
                {t("recordsPage.removed.what", {
                  count: o.rows,
                  rows: format.number(o.rows),
                  from: format.month(o.months.at(-1) ?? "–"),
                  to: format.month(o.months[0] ?? "–"),
                  size: format.bytes(o.bytes),
                })}
              </small>
            </span>
            <Button
              size="small"
              onClick={() => {
                openShelf({ shelf: o.id, title: called(o), removed: o.removed });
                go(pathOf("search"));
              }}
            >
              {t("recordsPage.removed.look")}
            </Button>
            <Button
              size="small"
              danger
              onClick={() => setDeleting(o)}
              aria-label={`${t("recordsPage.removed.delete")} · ${called(o)}`}
            >
              {t("recordsPage.removed.delete")}
            </Button>
          </li>
        ))}
      </ul>
      {deleting && <EraseDialog office={deleting} onClose={() => setDeleting(undefined)} />}
    </section>
  );
}

/** Tells what goes for ever; the office's name must be typed. */
function EraseDialog({ office: o, onClose }: { office: RemovedOffice; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const title = officeTitle(t, o);
  const format = useFormat();
  const { message } = App.useApp();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  function erase() {
    setBusy(true);
    client.recordSources
      .erase(o.id, o.title)
      .then((left) => {
        cache.setQueryData(keys.removedOffices, left);
        void message.success(t("recordsPage.removed.deleted", { title }));
        onClose();
      })
      .catch((e: unknown) => {
        setTrouble(problemOf(e));
        setBusy(false);
      });
  }
  return (
    <Modal
      open
      title={t("recordsPage.removed.askTitle", { title })}
      okText={t("recordsPage.removed.askOk")}
      okButtonProps={{ danger: true, loading: busy, disabled: typed.trim() !== title }}
      cancelText={t("recordsPage.keep.leave")}
      onOk={erase}
      onCancel={onClose}
    >
      <div className="stack">
        <p>
          {t("recordsPage.removed.askText", {
            count: o.rows,
            rows: format.number(o.rows),
            from: format.month(o.months.at(-1) ?? "–"),
            to: format.month(o.months[0] ?? "–"),
          })}
        </p>
        <div className="field">
          <label htmlFor={id}>{t("recordsPage.typeLabel", { typed: title })}</label>
          <Input id={id} value={typed} autoComplete="off" onChange={(e) => setTyped(e.target.value)} />
        </div>
        {trouble && <TroubleCard problem={trouble} />}
      </div>
    </Modal>
  );
}
