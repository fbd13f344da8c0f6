import { App } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { SavedTable } from "@/api/types";
import { troubleText } from "@/components/trouble";

/** Lets the person save a table for a spreadsheet and says where it went. */
export function useSaveTable(): (table: SavedTable) => Promise<void> {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  return useCallback(
    async (table) => {
      try {
        const path = await client.people.saveTable(table);
        if (path) void message.success(t("wizard.saved", { path }));
      } catch (e) {
        const text = troubleText(t, problemOf(e));
        void message.error(`${text.what} ${text.todo}`);
      }
    },
    [t, client, message],
  );
}
