import { CheckCircleFilled, DownloadOutlined, ExclamationCircleFilled } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { MailboxMove, Move } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { type Column, VirtualTable } from "@/components/VirtualTable";
import { useDraft } from "@/features/move/draft";
import { pathOf } from "@/features/move/wizard/route";
import { useSaveTable } from "@/features/move/wizard/useSaveTable";
import type { Formatter } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";

/** Every person's part of the dry run: how much, is there room, and what keeps it. */
export function CheckTable({ move }: { move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const save = useSaveTable();
  const [only, setOnly] = useState(false);
  const odd = move.mailboxes.filter((m) => m.problem || warning(t, format, m) !== "");
  const rows = only ? odd : move.mailboxes;
  const columns: Column<MailboxMove>[] = [
    {
      key: "who",
      title: t("move.run.mailbox"),
      width: "minmax(120px, 1.4fr)",
      cell: (m) => (
        <span className="clip" title={`${m.from.user} → ${m.to.user}`}>
          {m.label || m.from.user}
        </span>
      ),
    },
    {
      key: "messages",
      title: t("move.people.messages"),
      width: "84px",
      align: "end",
      cell: (m) => <span className="tabular">{m.estimate ? format.number(m.estimate.toCopy) : "–"}</span>,
    },
    {
      key: "size",
      title: t("move.people.size"),
      width: "84px",
      align: "end",
      cell: (m) => <span className="tabular">{m.estimate ? format.bytes(m.estimate.toCopyBytes) : "–"}</span>,
    },
    {
      key: "room",
      title: t("wizard.check.room"),
      width: "96px",
      align: "end",
      cell: (m) => <Room mailbox={m} />,
    },
    {
      key: "note",
      title: t("wizard.check.note"),
      width: "minmax(120px, 1.6fr)",
      cell: (m) => <Note mailbox={m} />,
    },
  ];
  function saveAll() {
    void save({
      name: t("wizard.check.file"),
      header: [
        t("move.run.mailbox"),
        t("move.check.toCopy"),
        t("wizard.check.bytes"),
        t("wizard.check.room"),
        t("wizard.check.note"),
      ],
      rows: move.mailboxes.map((m) => [
        m.label || m.from.user,
        m.estimate ? String(m.estimate.toCopy) : "",
        m.estimate ? String(m.estimate.toCopyBytes) : "",
        m.estimate && m.estimate.roomFree >= 0 ? String(m.estimate.roomFree) : "",
        m.problem
          ? `${troubleText(t, m.problem).what} ${troubleText(t, m.problem).todo}`
          : warning(t, format, m),
      ]),
    });
  }
  return (
    <section className="card flush" aria-labelledby="check-people">
      <div className="card-head">
        <h2 id="check-people" className="grow">
          {t("move.check.mailboxes", { count: move.mailboxes.length })}
        </h2>
        {odd.length > 0 && move.mailboxes.length > 1 && (
          <Checkbox checked={only} onChange={(e) => setOnly(e.target.checked)}>
            {t("wizard.check.onlyOdd", { count: odd.length })}
          </Checkbox>
        )}
        <Button size="small" type="text" icon={<DownloadOutlined aria-hidden />} onClick={saveAll}>
          {t("wizard.export")}
        </Button>
      </div>
      <VirtualTable
        label={t("wizard.check.table")}
        columns={columns}
        rows={rows}
        rowKey={(m) => m.id}
        rowHeight={40}
        maxRows={8}
        minWidth={540}
      />
    </section>
  );
}

function Room({ mailbox }: { mailbox: MailboxMove }) {
  const { t } = useTranslation();
  const format = useFormat();
  const e = mailbox.estimate;
  if (!e) return <>–</>;
  if (e.roomFree < 0) return <span className="faint">{t("wizard.check.roomUnknown")}</span>;
  const short = e.roomNeeded > e.roomFree;
  return <span className={`tabular ${short ? "bad" : ""}`}>{format.bytes(e.roomFree)}</span>;
}

/** What is to be noted of a mailbox that was looked at; "" nothing. */
function warning(t: TFunction, format: Formatter, m: MailboxMove): string {
  const e = m.estimate;
  if (!e) return "";
  if (e.roomFree >= 0 && e.roomNeeded > e.roomFree) {
    return t("wizard.check.short", { size: format.bytes(e.roomNeeded - e.roomFree) });
  }
  if (e.willLeave > 0) return t("wizard.check.wont", { count: e.willLeave, n: format.number(e.willLeave) });
  const first = e.warnings[0];
  return first ? `${first.folder} ${troubleText(t, first.problem).what}`.trim() : "";
}

function Note({ mailbox: m }: { mailbox: MailboxMove }) {
  const { t } = useTranslation();
  const format = useFormat();
  const draft = useDraft();
  const [, go] = useLocation();
  const fix = () => go(pathOf(draft.id, "people"));
  if (m.problem) {
    return (
      <Popover
        trigger="click"
        placement="left"
        content={
          <div className="popover-troubles">
            <TroubleCard
              problem={m.problem}
              actLabel={t("wizard.check.fix")}
              acts={{ again: fix, fixSignIn: fix, fixServer: fix, trust: fix }}
            />
          </div>
        }
      >
        <button type="button" className="link clip bad">
          <ExclamationCircleFilled aria-hidden /> {troubleText(t, m.problem).what}
        </button>
      </Popover>
    );
  }
  if (m.self) {
    return (
      <span className="faint clip" title={t("invite.draft.notLooked")}>
        {t("invite.draft.notLooked")}
      </span>
    );
  }
  if (!m.estimate) return <span className="faint">{t("wizard.check.notSeen")}</span>;
  const text = warning(t, format, m);
  if (!text) {
    return (
      <span className="good clip">
        <CheckCircleFilled aria-hidden /> {t("move.check.goodMark")}
      </span>
    );
  }
  return (
    <span className="warn clip" title={text}>
      <ExclamationCircleFilled aria-hidden /> {text}
    </span>
  );
}
