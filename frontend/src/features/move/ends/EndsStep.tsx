import { ArrowRightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { changeDraft, useDraft } from "@/features/move/draft";
import { sideGap } from "@/features/move/draftCheck";
import { isOneMailbox, MoveNow } from "@/features/move/ends/MoveNow";
import { SideCard } from "@/features/move/ends/SideCard";

/** From where to where. */
export function EndsStep() {
  const { t } = useTranslation();
  const draft = useDraft();
  const one = isOneMailbox(draft);
  const gap = sideGap(draft.from) ?? sideGap(draft.to);
  return (
    <>
      <div className="ends">
        <SideCard name="from" />
        <ArrowRightOutlined className="ends-arrow" aria-hidden />
        <SideCard name="to" />
      </div>
      <div className="page-footer">
        <span className="faint grow">{gap ? t(`move.ends.gap.${gap}`) : t("move.ends.promise")}</span>
        <Button
          type={one ? "default" : "primary"}
          disabled={gap !== undefined}
          onClick={() => changeDraft({ step: 1 })}
        >
          {t(one ? "providers.morePeople" : "move.ends.next")}
        </Button>
        {one && <MoveNow />}
      </div>
    </>
  );
}
