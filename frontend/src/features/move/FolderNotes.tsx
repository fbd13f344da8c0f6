import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { MoveFolder } from "@/api/types";
import { shortReason } from "@/components/trouble";
import { changeCodes, skipReasons } from "@/features/move/folderCodes";

/** Why a folder is left out, or in what its new place differs. */
export function FolderNotes({ folder }: { folder: MoveFolder }) {
  const { t } = useTranslation();
  const notes = folderNotes(t, folder);
  const text = notes.join(t("list.join"));
  return (
    <span className="faint clip" title={text}>
      {text}
    </span>
  );
}

function folderNotes(t: TFunction, folder: MoveFolder): string[] {
  if (folder.errorCode) return [shortReason(t, folder.errorCode)];
  if (folder.action === "skip") return [reasonText(t, folder.reason)];
  const notes = folder.changes.map((c) => changeText(t, c));
  if (folder.reason) notes.push(reasonText(t, folder.reason));
  return [...new Set(notes.filter((n) => n !== ""))];
}

function reasonText(t: TFunction, reason: string): string {
  const known = skipReasons.find((r) => r === reason);
  return known ? t(`folder.reason.${known}`) : t("folder.reason.by-request");
}

// A change is a code with its facts behind it, after a blank or colon.
function changeText(t: TFunction, change: string): string {
  const code = changeCodes.find(
    (c) => change === c || change.startsWith(`${c} `) || change.startsWith(`${c}:`),
  );
  return code ? t(`folder.change.${code}`) : "";
}
