import { CopyOutlined, MailOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { MailboxMove, Move } from "@/api/types";
import { isExplained, troubleText } from "@/components/trouble";
import type { Cause } from "@/features/move/run/people";

interface Props {
  move: Move;
  cause: Cause;
  onClose: () => void;
}

/** The steps for the people that a cause hit, as text to copy or as a draft of a mail. */
export function CauseDialog({ cause, onClose }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const proposal = useSteps(cause);
  const [edited, setEdited] = useState<string>();
  const text = edited ?? proposal;
  const people = cause.mailboxes.map((m) => addressOf(m, cause.side)).filter((a) => a !== "");

  function copy(what: string, done: string) {
    navigator.clipboard.writeText(what).then(
      () => void message.success(done),
      () => void message.error(t("run.steps.notCopied")),
    );
  }
  async function write() {
    try {
      await client.app.writeMail(people, t("run.steps.subject"), text);
    } catch (e) {
      const tooMuch = problemOf(e).args.reason;
      void message.warning(
        t(tooMuch === "too_many" || tooMuch === "too_long" ? "run.steps.tooMuch" : "run.steps.noMail"),
      );
    }
  }
  return (
    <Modal
      open
      width={640}
      title={t("run.steps.title", { count: cause.mailboxes.length })}
      onCancel={onClose}
      footer={
        <div className="row wrap end">
          <Button
            icon={<CopyOutlined aria-hidden />}
            onClick={() => copy(people.join("; "), t("run.steps.addressesCopied"))}
          >
            {t("run.steps.copyAddresses")}
          </Button>
          <Button icon={<CopyOutlined aria-hidden />} onClick={() => copy(text, t("run.steps.copied"))}>
            {t("run.steps.copy")}
          </Button>
          <Button type="primary" icon={<MailOutlined aria-hidden />} onClick={() => void write()}>
            {t("run.steps.write")}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <p className="faint">{t("run.steps.lead")}</p>
        <Input.TextArea
          aria-label={t("run.steps.text")}
          value={text}
          autoSize={{ minRows: 8, maxRows: 16 }}
          onChange={(e) => setEdited(e.target.value)}
        />
      </div>
    </Modal>
  );
}

// The old mailbox is where they read mail today, whichever side refused.
function addressOf(m: MailboxMove, side: "from" | "to"): string {
  const users = side === "from" ? [m.from.user, m.to.user] : [m.from.user, m.to.user];
  return users.find((u) => u.includes("@")) ?? "";
}

/** What to do about the refusal, in the language of the page: the likely causes' own steps, or what we say of the trouble. */
function useSteps(cause: Cause): string {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const { host } = cause.mailboxes[0]?.[cause.side] ?? { host: "" };
  const language = i18n.language === "en" ? "en" : "zh-CN";
  const refusal = cause.problem.class;
  const { data } = useQuery({
    queryKey: keys.explanation(refusal, "mail", language, host),
    queryFn: () => client.providers.explainMail(refusal, "", "", host, language),
    enabled: isExplained(refusal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const trouble = troubleText(t, cause.problem);
  if (data) return data.body;
  return [
    t("run.steps.hello"),
    "",
    trouble.what,
    trouble.why,
    "",
    `1. ${trouble.todo}`,
    "",
    t("run.steps.bye"),
  ].join("\n");
}
