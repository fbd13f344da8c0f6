import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { problemOf } from "@/api/errors";
import { useMove } from "@/api/useMoves";
import { TroubleCard } from "@/components/TroubleCard";
import { VaultGate } from "@/components/vault/VaultGate";
import { ExistingMove } from "@/features/move/NewMovePage";
import { RunView } from "@/features/move/run/RunView";
import { hasRun } from "@/lib/moves";

/** One move: checked before it starts, watched while it runs, proven when it has ended. */
export function MovePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: move, error, refetch } = useMove(id);
  if (!move) {
    return (
      <div className="page">
        <h1 className={error ? undefined : "visually-hidden"}>{t("nav.move")}</h1>
        {error ? (
          <>
            <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} />
            <Link href="/move">{t("move.backToList")}</Link>
          </>
        ) : (
          <Skeleton active paragraph={{ rows: 8 }} />
        )}
      </div>
    );
  }
  // What never ran is still being put together.
  if (!hasRun(move.state)) return <ExistingMove id={id} step="check" />;
  return (
    <VaultGate>
      <RunView move={move} />
    </VaultGate>
  );
}
