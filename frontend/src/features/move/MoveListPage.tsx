import { PlusOutlined, SwapOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import { useMoves } from "@/api/useMoves";
import { EmptyState } from "@/components/EmptyState";
import { MoveRow } from "@/components/MoveRow";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { DraftRow } from "@/features/move/wizard/DraftRow";
import { useDrafts } from "@/features/move/wizard/useDrafts";
import { hasRun } from "@/lib/moves";

export function MoveListPage() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { data: moves, error, isPending, refetch } = useMoves();
  const { data: drafts } = useDrafts();
  const newMove = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go("/move/new")}>
      {t("move.list.new")}
    </Button>
  );
  // A move that never ran is shown as the draft that it still is.
  const open = new Set(drafts?.map((d) => d.moveId));
  const begun = moves?.filter((m) => hasRun(m.state) || !open.has(m.id)) ?? [];
  const empty = moves?.length === 0 && drafts?.length === 0;
  return (
    <div className="page">
      <PageHeader title={t("nav.move")} lead={t("move.list.lead")} actions={empty ? undefined : newMove} />
      {error && <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} />}
      {isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {empty && (
        <EmptyState icon={<SwapOutlined aria-hidden />} title={t("move.list.emptyTitle")}>
          <p>{t("move.list.emptyText")}</p>
          {newMove}
        </EmptyState>
      )}
      {drafts && drafts.length > 0 && (
        <section className="group" aria-labelledby="drafts-title">
          <h2 id="drafts-title">{t("wizard.draft.title")}</h2>
          <ul className="move-list">
            {drafts.map((d) => (
              <DraftRow key={d.id} draft={d} />
            ))}
          </ul>
        </section>
      )}
      {begun.length > 0 && (
        <ul className="move-list">
          {begun.map((move) => (
            <MoveRow key={move.id} move={move} />
          ))}
        </ul>
      )}
    </div>
  );
}
