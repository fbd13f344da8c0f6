import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { ChangeRun } from "@/api/offices";
import type { ListFormat } from "@/api/types";
import { troubleText } from "@/components/trouble";

/** Saves what became of a run; plan is an intake's, whose initial passwords can go with it. */
export function useSaveRun(run: ChangeRun, plan: string) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const [withPasswords, setWithPasswords] = useState(false);
  const language = i18n.language === "en" ? ("en" as const) : ("zh-CN" as const);
  const hasPasswords = plan !== "" && run.undoes === "" && run.kinds.some((k) => k.kind === "person.create");
  const save = (format: ListFormat) => {
    client.staff
      .saveRun({ run: run.id, plan, passwords: withPasswords, format, language })
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  };
  return { save, withPasswords, setWithPasswords, hasPasswords };
}
