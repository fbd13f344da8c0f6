import { App } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { PeopleList, PeopleSource, Problem } from "@/api/types";
import { useOpenVault } from "@/components/vault/VaultGate";
import { takeList } from "@/features/move/people/rows";

/** Reads a list into the table, and again with another sheet or its hidden rows. */
export function useListReading() {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const openVault = useOpenVault();
  const [list, setList] = useState<PeopleList>();
  const [trouble, setTrouble] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const last = useRef<{ source: PeopleSource; keys: string[] }>(undefined);

  async function read(source: PeopleSource, instead: string[] = []): Promise<void> {
    setTrouble(undefined);
    setBusy(true);
    try {
      // The list's passwords go straight into the vault.
      if (!(await openVault())) return;
      const next = await client.people.read(source);
      setList(next);
      last.current = { source, keys: takeList(next, instead) };
      if (next.rows.length > 0) void message.success(t("move.people.read", { count: next.rows.length }));
    } catch (e) {
      setTrouble(problemOf(e));
    } finally {
      setBusy(false);
    }
  }
  async function again(part: { sheet?: string; hidden?: boolean }): Promise<void> {
    const before = last.current;
    if (before) await read({ ...before.source, ...part }, before.keys);
  }
  return {
    list,
    trouble,
    busy,
    withHidden: last.current?.source.hidden ?? false,
    read: (source: PeopleSource) => read(source),
    again,
    forget: () => setList(undefined),
  };
}
