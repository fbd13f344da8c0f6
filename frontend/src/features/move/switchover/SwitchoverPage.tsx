import { ReloadOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { problemOf } from "@/api/errors";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { Resolvers } from "@/features/move/switchover/Resolvers";
import { SwitchForm } from "@/features/move/switchover/SwitchForm";
import { SwitchStepRow } from "@/features/move/switchover/SwitchStepRow";
import { useSwitch } from "@/features/move/switchover/useSwitch";
import { useFormat } from "@/lib/useFormat";

/** The day on which the mail goes to the new place: what is done, what comes next, what would be dangerous. */
export function SwitchoverPage({ moveId }: { moveId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const act = useSwitch(moveId);
  const { state: s, error } = act;
  return (
    <div className="page">
      <PageHeader
        above={
          <Link href={`/move/${moveId}`} className="above">
            {t("switchover.back")}
          </Link>
        }
        title={t("switchover.title")}
        lead={t("switchover.lead")}
        actions={
          s && s.to !== "" ? (
            <Button
              type="primary"
              icon={<ReloadOutlined aria-hidden />}
              loading={act.checking}
              onClick={act.check}
            >
              {t(act.checking ? "switchover.checking" : "switchover.check")}
            </Button>
          ) : undefined
        }
      />
      {error && <TroubleCard problem={problemOf(error)} acts={{ again: act.again }} />}
      {act.trouble && <TroubleCard problem={act.trouble} acts={{ again: act.forget }} />}
      {!s && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {s && (
        <>
          <SwitchForm key={`${s.domain} ${s.from} ${s.to}`} state={s} onSave={act.set} />
          <p className="faint" role="status">
            {s.checked > 0
              ? t("switchover.checked", { time: format.moment(s.checked) })
              : t("switchover.never")}
          </p>
          {s.error && <p className="notice">{t("switchover.blind")}</p>}
          <ol className="card flush switch-steps">
            {s.steps.map((step) => (
              <SwitchStepRow key={step.id} step={step} state={s} act={act} moveId={moveId} />
            ))}
          </ol>
          <Resolvers key={s.resolvers.join()} state={s} onSave={act.setResolvers} />
        </>
      )}
    </div>
  );
}
