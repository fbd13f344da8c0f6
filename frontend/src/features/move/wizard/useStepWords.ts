import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";
import { type SideName, type Step, useDraft } from "@/features/move/draft";
import { isArchive } from "@/features/move/draftInput";
import { peopleIn } from "@/features/move/wizard/progress";
import { useFormat } from "@/lib/useFormat";

/** What was decided or found at each step, in a few words; "" nothing yet. */
export function useStepWords(): Record<Step, string> {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const draft = useDraft();
  const { data: move } = useQuery<Move>({
    queryKey: keys.move(draft.moveId),
    queryFn: () => client.moves.get(draft.moveId),
    enabled: draft.moveId !== "",
  });
  const place = (name: SideName) => {
    const side = draft[name];
    if (side.kind === "practice") return t("wizard.words.practice");
    if (isArchive(side.kind)) return side.path;
    return side.host;
  };
  const people = peopleIn(draft);
  const looked = move?.mailboxes.filter((m) => m.estimate) ?? [];
  const { data: groups } = useQuery({
    queryKey: keys.groups(draft.moveId),
    queryFn: () => client.moves.folderGroups(draft.moveId),
    enabled: looked.length > 0 && move?.state !== "planning",
  });
  const sum = (of: "toCopy" | "toCopyBytes") => looked.reduce((n, m) => n + (m.estimate?.[of] ?? 0), 0);
  return {
    from: place("from"),
    to: place("to"),
    people: people > 0 ? t("move.people.count", { count: people }) : "",
    folders: groups?.length
      ? t("wizard.words.folders", { count: groups.length, n: format.number(groups.length) })
      : "",
    check:
      looked.length > 0
        ? t("wizard.words.amount", {
            count: sum("toCopy"),
            n: format.number(sum("toCopy")),
            size: format.bytes(sum("toCopyBytes")),
          })
        : "",
    when: draft.moveId ? t(`when.mode.${move?.options.schedule.mode ?? "now"}.name`) : "",
  };
}
