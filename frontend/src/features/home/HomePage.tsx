import { ArrowRightOutlined, PlayCircleOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { Move } from "@/api/types";
import { useMoves } from "@/api/useMoves";
import { MoveRow } from "@/components/MoveRow";
import { useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { OfficeCard } from "@/features/home/OfficeCard";
import { isWorking } from "@/lib/moves";

/** What runs, what came last, and a first step; and the way in for who was invited to a move. */
export function HomePage({ invited }: { invited: ReactNode }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { data: moves, isPending } = useMoves();
  const office = useOffice();
  const running = moves?.filter((m) => isWorking(m.state)) ?? [];
  const stopped = moves?.filter((m) => m.can.goOn && !isWorking(m.state)) ?? [];
  const rest = moves?.filter((m) => !running.includes(m) && !stopped.includes(m)) ?? [];
  return (
    <div className="page">
      <PageHeader
        title={t("nav.home")}
        lead={t("home.lead")}
        actions={
          moves && moves.length > 0 ? (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go("/move/new")}>
              {t("move.list.new")}
            </Button>
          ) : undefined
        }
      />
      {office && <OfficeCard key={office.id} office={office} />}
      {isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {moves?.length === 0 && !office && <FirstStep />}
      <Group title={t("home.running")} moves={running} />
      <Group title={t("home.stopped")} moves={stopped} note={t("home.stoppedNote")} />
      <Group title={t("home.last")} moves={rest.slice(0, 3)} />
      {invited}
      {moves && moves.length > 0 && (
        <p>
          <Link href="/move" className="more">
            {t("home.all")} <ArrowRightOutlined aria-hidden />
          </Link>
        </p>
      )}
      {office === null && (
        <p>
          <Link href="/offices/new" className="more">
            {t("home.connect")} <ArrowRightOutlined aria-hidden />
          </Link>
        </p>
      )}
      <p>
        <Link href="/doctor/guides" className="more">
          {t("home.trouble")} <ArrowRightOutlined aria-hidden />
        </Link>
      </p>
    </div>
  );
}

function Group({ title, moves, note }: { title: string; moves: Move[]; note?: string }) {
  if (moves.length === 0) return null;
  return (
    <section className="group">
      <h2>{title}</h2>
      {note && <p className="faint">{note}</p>}
      <ul className="move-list">
        {moves.map((move) => (
          <MoveRow key={move.id} move={move} />
        ))}
      </ul>
    </section>
  );
}

function FirstStep() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const steps = ["one", "two", "three"] as const;
  return (
    <section className="welcome" aria-labelledby="welcome-title">
      <div className="grow">
        <h2 id="welcome-title">{t("home.first.title")}</h2>
        <p>{t("home.first.text")}</p>
        <div className="row">
          <Button
            type="primary"
            size="large"
            icon={<PlayCircleOutlined aria-hidden />}
            onClick={() => go("/move/new/practice")}
          >
            {t("home.first.practice")}
          </Button>
          <Button size="large" onClick={() => go("/move/new")}>
            {t("home.first.own")}
          </Button>
        </div>
      </div>
      <ol className="welcome-steps">
        {steps.map((step) => (
          <li key={step}>
            <strong>{t(`home.first.steps.${step}.title`)}</strong>
            <span>{t(`home.first.steps.${step}.text`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
