import { LockOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { Problem } from "@/api/types";
import { openShelf } from "@/components/records/useShelf";
import { TroubleCard } from "@/components/TroubleCard";
import { forgetAll } from "@/lib/memory";

const shortest = 8;

/** Hands the window to a colleague at the front desk. */
export function LockButton({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<LockOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("recordsPage.desk.button")}
      </Button>
      {open && <LockDialog office={office} onClose={() => setOpen(false)} />}
    </>
  );
}

function LockDialog({ office, onClose }: { office: OfficeInfo; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const id = useId();
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const differs = second !== "" && first !== second;
  const complete = first.length >= shortest && first === second;
  async function lock() {
    if (!complete || busy) return;
    setBusy(true);
    try {
      const state = await client.frontDesk.lock(office.id, first);
      // Nothing that was read before stays within reach of the window.
      forgetAll();
      openShelf(undefined);
      cache.setQueryData(keys.frontDesk, state);
      cache.removeQueries({ predicate: (q) => q.queryKey[0] !== "frontDesk" && q.queryKey[0] !== "app" });
    } catch (e) {
      setTrouble(problemOf(e));
      setBusy(false);
    }
  }
  return (
    <Modal
      open
      title={t("recordsPage.desk.lockTitle")}
      okText={t("recordsPage.desk.lockOk")}
      okButtonProps={{ disabled: !complete, loading: busy }}
      onOk={() => void lock()}
      onCancel={onClose}
      width={480}
    >
      <div className="stack">
        <p>{t("recordsPage.desk.lockText")}</p>
        <div className="field">
          <label htmlFor={`${id}-1`}>{t("recordsPage.desk.newPassword")}</label>
          <Input.Password
            id={`${id}-1`}
            value={first}
            autoComplete="off"
            onChange={(e) => setFirst(e.target.value)}
          />
          <small>{t("vault.shortest", { count: shortest })}</small>
        </div>
        <div className="field">
          <label htmlFor={`${id}-2`}>{t("recordsPage.desk.again")}</label>
          <Input.Password
            id={`${id}-2`}
            value={second}
            status={differs ? "error" : undefined}
            autoComplete="off"
            onChange={(e) => setSecond(e.target.value)}
            onPressEnter={() => void lock()}
          />
          {differs && <small className="bad">{t("vault.differs")}</small>}
        </div>
        {trouble && <TroubleCard problem={trouble} />}
      </div>
    </Modal>
  );
}
