import { ReloadOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { DirectoryState, OfficeInfo } from "@/api/offices";
import { NewsDrawer } from "@/components/office/NewsDrawer";
import type { Directory } from "@/components/office/useDirectory";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { useOpenVault } from "@/components/vault/VaultGate";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

/** How old the directory is, that it is being read, and what others have changed. */
export const DirectoryLine = memo(function DirectoryLine(props: {
  office: OfficeInfo;
  directory: Directory;
}) {
  const { office, directory } = props;
  const { t } = useTranslation();
  const client = useClient();
  const trouble = useOfficeTrouble();
  const code = useCodeText();
  const format = useFormat();
  const { message } = App.useApp();
  const openVault = useOpenVault();
  const [news, setNews] = useState(false);
  const { data: state } = useQuery({
    queryKey: keys.directoryState(office.id),
    queryFn: () => client.directory.state(office.id),
    // Reading tells by events; this is for those that get lost.
    refetchInterval: (q) => (q.state.data?.refreshing ? 2000 : false),
  });
  const when = directory.refreshed ? format.moment(directory.refreshed) : "";
  const refreshing = state?.refreshing ?? directory.refreshing;
  const problem = state ? state.problem : directory.problem;
  const part = problem?.args.part; // all but that was read
  const locked = problem?.class === "vault-locked";
  async function refresh() {
    if (locked && !(await openVault())) return;
    client.directory.refresh(crypto.randomUUID(), office.id).catch((e: unknown) => {
      const why = problemOf(e);
      if (why.code !== "canceled") void message.error(oneSentence(trouble(why)));
    });
  }
  return (
    <span className="directory-line" role="status">
      {refreshing ? (
        <Reading state={state} known={directory.people.length} />
      ) : problem ? (
        <span className="warn" title={oneSentence(trouble(problem))}>
          <WarningOutlined aria-hidden />{" "}
          {part
            ? `${code(known(directory, part) ? "staff.lacks" : "staff.lacksAll", part)} ${oneSentence(trouble(problem))}`
            : when
              ? t(locked ? "staff.staleLocked" : "staff.stale", { when })
              : `${t("staff.never")} ${oneSentence(trouble(problem))}`}
        </span>
      ) : (
        <span>{when ? t("staff.readAt", { when }) : t("staff.reading")}</span>
      )}
      {refreshing && (
        <button
          type="button"
          className="link"
          onClick={() => void client.app.cancel(`directory/${office.id}`).catch(() => undefined)}
        >
          {t("staff.stopReading")}
        </button>
      )}
      <Button
        size="small"
        type="text"
        icon={<ReloadOutlined aria-hidden />}
        aria-label={t("staff.refresh")}
        title={t("staff.refresh")}
        disabled={refreshing}
        onClick={() => void refresh()}
      />
      {locked && (
        <button type="button" className="link" onClick={() => void refresh()}>
          {t("staff.openVault")}
        </button>
      )}
      {state && state.unseen > 0 && (
        <button type="button" className="link" onClick={() => setNews(true)}>
          {t("staff.news", { count: state.unseen })}
        </button>
      )}
      {news && <NewsDrawer office={office.id} onClose={() => setNews(false)} />}
    </span>
  );
});

/** Whether anything of a part of the directory was ever read. */
function known(directory: Directory, part: string): boolean {
  const parts: Record<string, readonly unknown[]> = {
    lists: directory.lists,
    contacts: directory.contacts,
    tags: directory.tags,
  };
  return (parts[part] ?? []).length > 0;
}

/**
 * How far a reading is. How long it takes is the provider's to say; what is left is told
 * where it is known how many there were last time.
 */
function Reading({ state, known }: { state: DirectoryState | undefined; known: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!state || state.read === 0) return <span>{t("staff.reading")}</span>;
  const took = (Date.now() - state.began) / 1000;
  const left = ((known - state.read) * took) / state.read;
  if (state.began === 0 || took < 2) return <span>{t("staff.readingSome", { count: state.read })}</span>;
  return (
    <span>
      {known > state.read
        ? t("staff.readingOf", {
            read: format.number(state.read),
            known: format.number(known),
            left: format.duration(left),
          })
        : t("staff.readingSince", { count: state.read, since: format.duration(took) })}
    </span>
  );
}
