import { CheckCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { MailboxMove, Move } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

interface Props {
  move: Move;
  chosen: string;
  onChoose: (mailboxId: string) => void;
}

/** The mailboxes of a checked move; the chosen one's folders stand beside. */
export function CheckMailboxes({ move, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <section className="card flush picks" aria-labelledby="picks-title">
      <div className="card-head">
        <h2 id="picks-title">{t("move.check.mailboxes", { count: move.mailboxes.length })}</h2>
      </div>
      <ul>
        {move.mailboxes.map((m) => (
          <li key={m.id}>
            <button
              type="button"
              className="pick"
              aria-pressed={m.id === chosen}
              onClick={() => onChoose(m.id)}
            >
              <Mark mailbox={m} />
              <span className="grow clip">{m.label || m.from.user}</span>
              <Amount mailbox={m} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mark({ mailbox }: { mailbox: MailboxMove }) {
  const { t } = useTranslation();
  if (mailbox.problem)
    return <ExclamationCircleFilled className="bad" aria-label={t("move.check.badMark")} />;
  if ((mailbox.estimate?.willLeave ?? 0) > 0 || (mailbox.estimate?.warnings.length ?? 0) > 0) {
    return <ExclamationCircleFilled className="warn" aria-label={t("move.check.warnMark")} />;
  }
  return <CheckCircleFilled className="good" aria-label={t("move.check.goodMark")} />;
}

function Amount({ mailbox }: { mailbox: MailboxMove }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!mailbox.estimate) return <small>{t("move.check.badMark")}</small>;
  return <small className="tabular">{format.number(mailbox.estimate.toCopy)}</small>;
}
