import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { Guide, GuideNode, GuidePlace } from "@/api/doctor";
import { CopyButton } from "@/components/CopyButton";
import { outcomeText } from "@/features/doctor/guides/MadeSteps";
import type { Made } from "@/features/doctor/guides/useWalk";
import { SheetDialog } from "@/features/doctor/sheet/SheetDialog";
import { useLink } from "@/features/doctor/useLink";
import { examine } from "@/lib/examine";
import { useText } from "@/lib/useText";

interface Props {
  guide: Guide;
  node: GuideNode;
  place: GuidePlace;
  made: Made[];
  onAnew: () => void;
}

/** The end of a guide: what to do, and a button for whatever Mailroom can do itself. */
export function ActCard({ guide, node, place, made, onAnew }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const [, go] = useLocation();
  const link = useLink();
  const [sheet, setSheet] = useState(false);
  const base = `guides.tree.${guide.id}.node.${node.id}`;
  const ports =
    `993 (IMAPS), 465 (SMTPS), 587 (SMTP STARTTLS)\n${place.endpoint.host}\n${place.outgoing.host}`.trim();
  const settings = settingsText(place);
  const runs: Record<string, () => void> = {
    retry: onAnew,
    "open-help": () => link(place.help),
    "open-console": () => link(place.console),
    "open-webmail": () => link(place.webmail),
    "check-domain": () => go(examine(place.domain)),
    "read-bounce": () => go("/doctor/bounce"),
    "read-header": () => go("/doctor/header"),
    "test-letter": () => go("/doctor/letter"),
    "support-sheet": () => setSheet(true),
    "open-move": () => go("/move"),
    "open-records": () => go("/records"),
    "open-lists": () => go("/lists"),
  };
  return (
    <section className="card act" aria-labelledby="guide-act">
      <span className="faint">{t("guides.ui.result")}</span>
      <h3 id="guide-act">{text(`${base}.title`)}</h3>
      <p>{text(`${base}.text`)}</p>
      {node.acts.includes("copy-settings") && <pre className="settings">{settings}</pre>}
      <div className="row wrap">
        {node.acts.map((act, i) => {
          if (act === "copy-ports")
            return <CopyButton key={act} text={ports} label={text(`guides.act.${act}`)} />;
          if (act === "copy-settings")
            return <CopyButton key={act} text={settings} label={text(`guides.act.${act}`)} />;
          const other = act.startsWith("guide:") ? act.slice("guide:".length) : "";
          return (
            <Button
              key={act}
              type={i === 0 ? "primary" : "default"}
              onClick={other ? () => go(`/doctor/guides/${other}`) : runs[act]}
            >
              {other ? text(`guides.tree.${other}.title`) : text(`guides.act.${act}`)}
            </Button>
          );
        })}
      </div>
      {sheet && (
        <SheetDialog
          onClose={() => setSheet(false)}
          keep={place.domain ? [place.domain] : []}
          sections={[
            {
              title: t("sheet.guide", { title: text(`guides.tree.${guide.id}.title`) }),
              facts: made.map((m) => ({
                name: m.node.probe
                  ? text(`guides.probe.${m.node.probe}.title`)
                  : text(`guides.tree.${guide.id}.node.${m.node.id}.text`),
                value: outcomeText(text, guide.id, m),
              })),
              texts: made.flatMap((m) => m.evidence.map((e) => ({ title: e.title, body: e.text }))),
            },
          ]}
        />
      )}
    </section>
  );
}

/** What a mail program must be told, line by line. */
function settingsText(p: GuidePlace): string {
  const line = (kind: string, host: string, port: number, security: string) =>
    `${kind}: ${host || "?"}  ${port}  ${security === "tls" ? "SSL/TLS" : "STARTTLS"}`;
  return [
    line("IMAP", p.endpoint.host, p.endpoint.port, p.endpoint.security),
    line("SMTP", p.outgoing.host, p.outgoing.port, p.outgoing.security),
    p.address,
  ]
    .filter(Boolean)
    .join("\n");
}
