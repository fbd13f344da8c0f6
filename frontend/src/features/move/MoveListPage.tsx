import { PlusOutlined, SwapOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { problemOf } from "@/api/errors";
import { useMoves } from "@/api/useMoves";
import { EmptyState } from "@/components/EmptyState";
import { MoveRow } from "@/components/MoveRow";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { useDraft } from "@/features/move/draft";

export function MoveListPage() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { data: moves, error, isPending, refetch } = useMoves();
  const draft = useDraft();
  const newMove = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go("/move/new")}>
      {t("move.list.new")}
    </Button>
  );
  return (
    <div className="page">
      <PageHeader
        title={t("nav.move")}
        lead={t("move.list.lead")}
        actions={moves?.length ? newMove : undefined}
      />
      {draft.touched && (
        <p className="notice">
          {t("move.list.draft")}{" "}
          <Link href={draft.moveId ? `/move/${draft.moveId}/edit` : "/move/new"}>
            {t("move.list.draftGoOn")}
          </Link>
        </p>
      )}
      {error && <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} />}
      {isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {moves?.length === 0 && (
        <EmptyState icon={<SwapOutlined aria-hidden />} title={t("move.list.emptyTitle")}>
          <p>{t("move.list.emptyText")}</p>
          {newMove}
        </EmptyState>
      )}
      {moves && moves.length > 0 && (
        <ul className="move-list">
          {moves.map((move) => (
            <MoveRow key={move.id} move={move} />
          ))}
        </ul>
      )}
    </div>
  );
}
