import { FileProtectOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Endpoint, MailboxMove, Move, MoveFolder } from "@/api/types";
import { RoleIcon } from "@/components/RoleIcon";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { FolderNotes } from "@/features/move/FolderNotes";
import { SaveCertificate } from "@/features/move/papers/SaveCertificate";
import { DifferenceList } from "@/features/move/run/DifferenceList";
import { noteText } from "@/features/move/run/notes";
import { SealCheck } from "@/features/move/run/SealCheck";
import { Sum } from "@/features/move/run/Sum";
import { UndoDialog } from "@/features/move/run/UndoDialog";
import { useMoveAct } from "@/features/move/useMoveAct";
import { isWorking } from "@/lib/moves";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  mailbox: MailboxMove;
  onClose: () => void;
}

/** One mailbox in detail: the sum that must come out, and every folder. */
export function MailboxDrawer({ move, mailbox: m, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { data: folders, error } = useQuery({
    queryKey: keys.folders(move.id, m.id),
    queryFn: () => client.moves.folders(move.id, m.id),
    refetchInterval: isWorking(move.state) ? 2000 : false,
  });
  const [saving, setSaving] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const act = useMoveAct(move);
  return (
    <Drawer open size={760} title={m.label || m.from.user} onClose={onClose} destroyOnHidden>
      <p className="faint">
        {placeOf(m.from)} → {placeOf(m.to)}
      </p>
      {m.problem && <TroubleCard problem={m.problem} />}
      <Sum counts={m.progress.counts} />
      {move.can.certificate && (
        <p>
          <Button icon={<FileProtectOutlined aria-hidden />} onClick={() => setSaving(true)}>
            {t("papers.one")}
          </Button>{" "}
          {move.can.undo && m.progress.counts.copied > 0 && (
            <Button type="text" danger onClick={() => setUndoing(true)}>
              {t("undo.one")}
            </Button>
          )}
        </p>
      )}
      {undoing && <UndoDialog move={move} mailbox={m} act={act} onClose={() => setUndoing(false)} />}
      {saving && <SaveCertificate move={move} mailbox={m} onClose={() => setSaving(false)} />}
      {m.troubles.length > 0 && (
        <div className="notice">
          {m.troubles.map((x) => (
            <p key={`${x.folder} ${x.problem.code} ${x.problem.class} ${x.problem.server}`}>
              {x.folder && <strong>{x.folder} </strong>}
              {troubleText(t, x.problem).what} {troubleText(t, x.problem).todo}
            </p>
          ))}
        </div>
      )}
      {m.differences > 0 && <DifferenceList move={move} mailbox={m} />}
      <h3>{t("move.run.folders")}</h3>
      {error && <TroubleCard problem={problemOf(error)} />}
      {!folders && !error && <Skeleton active />}
      {folders && <Folders folders={folders} />}
      {m.to.sealed && <SealCheck path={m.to.path} />}
      {m.notes.length > 0 && (
        <details className="folded">
          <summary>{t("move.run.notes")}</summary>
          <pre>{m.notes.map((n) => noteText(t, n)).join("\n")}</pre>
        </details>
      )}
    </Drawer>
  );
}

function placeOf(e: Endpoint): string {
  if (e.path) return e.path;
  return e.host ? `${e.authz || e.user} (${e.host})` : e.user;
}

function Folders({ folders }: { folders: MoveFolder[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (
    title: string,
    key: "copied" | "alreadyThere" | "leftBehind" | "messages",
  ): Column<MoveFolder> => ({
    key,
    title,
    width: "74px",
    align: "end",
    cell: (f) => (
      <span className={`tabular${key === "leftBehind" && f.counts.leftBehind > 0 ? " warn" : ""}`}>
        {format.number(f.counts[key])}
      </span>
    ),
  });
  const columns: Column<MoveFolder>[] = [
    {
      key: "source",
      title: t("move.map.source"),
      width: "minmax(120px, 1.3fr)",
      cell: (f) => (
        <span className="folder" title={`${f.source} → ${f.target}`}>
          <RoleIcon role={f.role} />
          <span className="clip">{f.source}</span>
        </span>
      ),
    },
    {
      key: "target",
      title: t("move.map.target"),
      width: "minmax(96px, 1fr)",
      cell: (f) => <span className="clip">{f.action === "skip" ? t("move.map.leftOut") : f.target}</span>,
    },
    number(t("move.map.messages"), "messages"),
    number(t("move.sum.copied"), "copied"),
    number(t("move.sum.alreadyThere"), "alreadyThere"),
    number(t("move.sum.leftBehind"), "leftBehind"),
    {
      key: "notes",
      title: t("move.map.notes"),
      width: "minmax(60px, 1fr)",
      cell: (f) => <FolderNotes folder={f} />,
    },
  ];
  return (
    <VirtualTable
      label={t("move.run.folders")}
      columns={columns}
      rows={folders}
      rowKey={(f) => f.sourceId}
      rowHeight={40}
      maxRows={14}
      minWidth={660}
      rowClass={(f) => (f.action === "skip" ? "vt-off" : undefined)}
    />
  );
}
