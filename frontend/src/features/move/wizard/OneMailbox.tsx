import { ArrowRightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { TroubleCard } from "@/components/TroubleCard";
import { type SideName, useDraft } from "@/features/move/draft";
import { ServerForm } from "@/features/move/ends/ServerForm";
import { beginDraft } from "@/features/move/wizard/route";
import { useMoveOne } from "@/features/move/wizard/useMoveOne";

/** One mailbox in one go: two addresses, two passwords, one click. */
export function OneMailbox() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const draft = useDraft();
  const { move, doing, lack, trouble } = useMoveOne();
  return (
    <>
      <div className="ends">
        <Half name="from" />
        <ArrowRightOutlined className="ends-arrow" aria-hidden />
        <Half name="to" />
      </div>
      {trouble && (
        <div className="stack">
          <h3>{t(`move.ends.${trouble.side}.title`)}</h3>
          <TroubleCard problem={trouble.problem} acts={{ again: () => void move() }} />
        </div>
      )}
      <div className="row wrap">
        <Button type="primary" size="large" loading={doing !== ""} onClick={() => void move()}>
          {t(doing === "" ? "providers.moveNow" : `wizard.one.doing.${doing}`)}
        </Button>
        <Button
          type="link"
          disabled={doing !== ""}
          onClick={() => go(beginDraft({ ...draft, touched: true }))}
        >
          {t("wizard.one.more")}
        </Button>
        {lack && (
          <span className="warn" role="status">
            {t("wizard.one.lack.on", {
              side: t(`wizard.one.${lack.side}`),
              what:
                lack.what === "user" || lack.what === "password"
                  ? t(`wizard.one.lack.${lack.what}`)
                  : t(`move.ends.gap.${lack.what}`),
            })}
          </span>
        )}
      </div>
    </>
  );
}

function Half({ name }: { name: SideName }) {
  const { t } = useTranslation();
  return (
    <section className="one-half" aria-labelledby={`one-${name}`}>
      <h3 id={`one-${name}`}>{t(`move.ends.${name}.title`)}</h3>
      <ServerForm name={name} brief />
    </section>
  );
}
