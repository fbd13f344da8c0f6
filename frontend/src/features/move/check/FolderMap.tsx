import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { FolderChoice, MailboxMove, Move, MoveFolder } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { FolderMapTable } from "@/features/move/check/FolderMapTable";
import { WillLeave } from "@/features/move/check/WillLeave";

interface Props {
  move: Move;
  mailbox: MailboxMove;
  onFix: () => void;
  onChanged?: () => void;
}

/** One mailbox: trouble if it could not be checked, else its folder map, to be changed. */
export function FolderMap({ move, mailbox, onFix, onChanged }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const key = keys.folders(move.id, mailbox.id);
  const { data: folders, error } = useQuery({
    queryKey: key,
    queryFn: () => client.moves.folders(move.id, mailbox.id),
    enabled: !mailbox.problem,
  });

  async function choose(choices: FolderChoice[]) {
    try {
      cache.setQueryData(key, await client.moves.chooseFolders(move.id, mailbox.id, choices));
      onChanged?.();
    } catch (e) {
      void message.error(t("move.map.failed"));
      if (problemOf(e).code === "conflict") void cache.invalidateQueries({ queryKey: key });
    }
  }
  const changed = folders?.some((f) => f.own) ?? false;
  return (
    <section className="card flush" aria-labelledby="map-title">
      <div className="card-head">
        <div className="grow">
          <h2 id="map-title">{t("move.map.title", { name: mailbox.label || mailbox.from.user })}</h2>
          <p className="faint">{t("move.map.text")}</p>
        </div>
        {changed && (
          <Button size="small" disabled={!move.can.edit} onClick={() => void choose([])}>
            {t("wizard.folders.asForAll")}
          </Button>
        )}
      </div>
      <div className="card-inset">
        {mailbox.problem && (
          <TroubleCard
            problem={mailbox.problem}
            acts={{ fixSignIn: onFix, fixServer: onFix, trust: onFix }}
          />
        )}
        {error && <TroubleCard problem={problemOf(error)} />}
        {mailbox.estimate && <WillLeave estimate={mailbox.estimate} />}
      </div>
      {!mailbox.problem && !folders && !error && <Skeleton active className="card-inset" />}
      {folders && (
        <FolderMapTable
          folders={folders}
          editable={move.can.edit}
          onChange={(folder, choice) => void choose(choicesWith(folders, folder, choice))}
        />
      )}
    </section>
  );
}

/** All choices made so far, with one of them changed; undefined takes it back. */
function choicesWith(
  folders: MoveFolder[],
  folder: MoveFolder,
  choice: FolderChoice | undefined,
): FolderChoice[] {
  const kept = folders
    .filter((f) => f.chosen && f.sourceId !== folder.sourceId)
    .map((f) => ({
      sourceId: f.sourceId,
      skip: f.action === "skip",
      target: f.action === "skip" ? "" : f.target,
    }));
  return choice ? [...kept, choice] : kept;
}
