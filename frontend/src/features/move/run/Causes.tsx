import { ExclamationCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxMove, Move } from "@/api/types";
import { remedyOf, troubleText } from "@/components/trouble";
import { CauseDialog } from "@/features/move/run/CauseDialog";
import { type Cause, causesOf, nameOf } from "@/features/move/run/people";
import type { BoxActs } from "@/features/move/run/useBoxActs";

interface Props {
  move: Move;
  acts: BoxActs;
  /** Shows the mailboxes that need a person. */
  onShow: () => void;
}

/** What keeps people from arriving, each cause once: whom it hit, and what helps all of them. */
export function Causes({ move, acts, onShow }: Props) {
  const { t } = useTranslation();
  const causes = useMemo(() => causesOf(move.mailboxes), [move.mailboxes]);
  const [telling, setTelling] = useState<Cause>();
  if (causes.length === 0) return null;
  return (
    <section className="card causes" aria-labelledby="causes-title">
      <h2 id="causes-title">
        <ExclamationCircleOutlined className="warn" aria-hidden /> {t("run.causes.title")}
      </h2>
      <ul>
        {causes.map((cause) => {
          const text = troubleText(t, cause.problem);
          const ids = cause.mailboxes.map((m) => m.id);
          return (
            <li key={cause.key}>
              <div className="grow">
                <strong>{t("run.causes.hit", { count: ids.length, what: text.what })}</strong>
                <p className="faint">
                  {t("run.causes.who", { names: namesOf(cause.mailboxes, t("list.join")) })}
                </p>
                <p>{text.todo}</p>
              </div>
              <div className="row">
                {remedyOf(cause.problem) === "fixSignIn" && (
                  <Button size="small" onClick={() => setTelling(cause)}>
                    {t("run.causes.tell")}
                  </Button>
                )}
                <Button size="small" onClick={onShow}>
                  {t("run.causes.show")}
                </Button>
                <Button size="small" type="primary" onClick={() => acts.step(ids, "again")}>
                  {t("run.causes.again")}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
      {telling && <CauseDialog move={move} cause={telling} onClose={() => setTelling(undefined)} />}
    </section>
  );
}

const named = 6;

function namesOf(mailboxes: MailboxMove[], join: string): string {
  const names = mailboxes.slice(0, named).map(nameOf).join(join);
  return mailboxes.length > named ? `${names} …` : names;
}
