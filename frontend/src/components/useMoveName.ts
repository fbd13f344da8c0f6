import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Move } from "@/api/types";

/** What a move is called: its own name, or its people. */
export function useMoveName(): (move: Move) => string {
  const { t } = useTranslation();
  return useCallback(
    (move) => {
      if (move.name) return move.name;
      const first = move.mailboxes[0];
      const label = first?.label || first?.from.user || t("move.nameless");
      const count = move.mailboxes.length;
      if (move.practice) return t("move.name.practice", { count });
      return count > 1 ? t("move.name.several", { label, count }) : label;
    },
    [t],
  );
}
