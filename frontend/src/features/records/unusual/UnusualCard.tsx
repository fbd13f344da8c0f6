import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { OfficeInfo } from "@/api/offices";
import type { UnusualThing } from "@/api/records";
import { useRecordText } from "@/components/records/useRecordText";
import { TimeLine } from "@/features/records/lookup/TimeLine";
import { sentenceOf } from "@/features/records/unusual/sentence";
import { examine } from "@/lib/examine";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

interface Props {
  office: OfficeInfo;
  thing: UnusualThing;
  onDismiss: (on: boolean) => void;
}

/** What means that somebody is in, that mail goes out of the house, or that none comes. */
export const grave: ReadonlySet<string> = new Set(["guessed", "forward_outside", "few_mails"]);

/** One unusual thing: the sentence, the rule behind it, what to do, the evidence. */
export function UnusualCard({ office, thing: f, onDismiss }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const say = useText();
  const format = useFormat();
  const text = useRecordText(office.id);
  const id = useId();
  const [open, setOpen] = useState(false);
  const { data: rows } = useQuery({
    queryKey: keys.evidence(office.id, f.evidence.join()),
    queryFn: () => client.recordJudgement.evidence(office.id, f.evidence),
    enabled: open && f.evidence.length > 0,
  });
  const tone = grave.has(f.rule) ? "bad" : "warn";
  return (
    <li className={`card answer answer-${f.dismissed ? "calm" : tone}`}>
      <div className="row top-aligned">
        <div className="grow stack-tight">
          <h2 id={id} className="unusual-title">
            {sentenceOf(f, { text: say, format, who: text.whoExactly, moment: text.day })}
          </h2>
          <p>{say(`recordsPage.unusual.todo.${f.rule}`, {}, "")}</p>
          <p className="faint">
            {t("recordsPage.unusual.rule")} {say(`recordsPage.unusual.rules.${f.rule}`, {}, f.rule)}
          </p>
        </div>
        <Button size="small" aria-describedby={id} onClick={() => onDismiss(!f.dismissed)}>
          {t(f.dismissed ? "recordsPage.unusual.takeBack" : "recordsPage.unusual.dismiss")}
        </Button>
      </div>
      {f.rule === "few_mails" && (
        <p>
          <Link href={examine(office.domain)}>{t("recordsPage.unusual.examine")}</Link>
        </p>
      )}
      <details className="folded" onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{t("recordsPage.lookup.evidence")}</summary>
        {f.like.length > 0 && (
          <p>
            {t("recordsPage.unusual.like", {
              count: f.like.length,
              days: f.like
                .map((d) =>
                  t("recordsPage.unusual.day", {
                    day: format.calendar(d.day),
                    n: format.number(d.count),
                  }),
                )
                .join(t("list.comma")),
            })}
          </p>
        )}
        {rows && rows.length > 0 && <TimeLine rows={rows} text={text} office={office} shelf={office.id} />}
      </details>
    </li>
  );
}
