import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/errors";
import type { Problem, Switch } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { shortReason } from "@/components/trouble";

interface Props {
  state: Switch;
  onSave: (resolvers: string[]) => Promise<void>;
}

/** What each resolver says of the domain's mail, and which are asked. */
export function Resolvers({ state, onSave }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(state.resolvers.join("\n"));
  const [trouble, setTrouble] = useState<Problem>();
  const changed = text.trim() !== state.resolvers.join("\n");
  async function save() {
    try {
      await onSave(text.split(/\s+/).filter(Boolean));
      setTrouble(undefined);
    } catch (e) {
      setTrouble(problemOf(e));
    }
  }
  return (
    <details className="card options">
      <summary>
        <h2>{t("switchover.resolvers.title")}</h2>
        <span className="faint">{t("switchover.resolvers.lead")}</span>
      </summary>
      {state.views.length > 0 && (
        <ul className="views">
          {state.views.map((v) => (
            <li key={v.resolver}>
              <code>{v.resolver}</code>
              <span className={v.error ? "warn" : v.new ? "good" : "faint"}>
                {v.error
                  ? shortReason(t, v.error)
                  : t(v.new ? "switchover.resolvers.new" : "switchover.resolvers.old", {
                      hosts: v.hosts.join(" ") || "–",
                    })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {trouble && <TroubleCard problem={trouble} />}
      <div className="field narrow-field">
        <label htmlFor={`${id}-r`}>{t("switchover.resolvers.list")}</label>
        <Input.TextArea
          id={`${id}-r`}
          value={text}
          autoSize={{ minRows: 3, maxRows: 12 }}
          onChange={(e) => setText(e.target.value)}
        />
        <small>{t("switchover.resolvers.note")}</small>
      </div>
      <div className="row">
        <Button disabled={!changed} onClick={() => void save()}>
          {t("switchover.resolvers.save")}
        </Button>
      </div>
    </details>
  );
}
