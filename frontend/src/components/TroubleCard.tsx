import { ExclamationCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Problem } from "@/api/types";
import { Explainer } from "@/components/Explainer";
import {
  guideOf,
  isExplained,
  type Remedy,
  remedyOf,
  type TroubleText,
  troubleText,
} from "@/components/trouble";

interface Props {
  problem: Problem;
  /** What each remedy does here; a remedy that is missing gets no button. */
  acts?: Partial<Record<Remedy, () => void>>;
  /** The button's words, where the usual ones do not fit. */
  actLabel?: string;
  /** In place of the usual sentences. */
  text?: TroubleText;
  /** In place of the likely causes, which a refused sign-in shows by itself. */
  children?: ReactNode;
}

/** Trouble in plain words: what happened, why, what to do, one button; details folded. */
export function TroubleCard({ problem, text: own, acts = {}, actLabel, children }: Props) {
  const { t } = useTranslation();
  const text = own ?? troubleText(t, problem);
  const remedy = remedyOf(problem);
  const act = acts[remedy];
  // The guides are about mailboxes; whoever brings own words speaks of something else.
  const guide = own ? undefined : guideOf(problem);
  const host = problem.args.host ?? "";
  // The causes say more than our two sentences: those would only repeat them.
  const causes = host !== "" && isExplained(problem.class);
  const facts = Object.entries(problem.args).filter(([key]) => key !== "reason");
  return (
    <div className="trouble" role="alert">
      <ExclamationCircleOutlined className="trouble-icon" aria-hidden />
      <div className="grow">
        <strong>{text.what}</strong>
        {!(causes && problem.class === "auth-ambiguous") && <p>{text.why}</p>}
        {!causes && text.todo !== "" && <p>{text.todo}</p>}
        {children ?? (causes && <Explainer problem={problem} host={host} />)}
        {act && remedy !== "none" && (
          <Button size="small" type="primary" onClick={act}>
            {actLabel ?? t(`trouble.act.${remedy}`)}
          </Button>
        )}
        {guide && (
          <p>
            <Link href={`/doctor/guides/${guide}`}>{t("guides.ui.find")}</Link>
          </p>
        )}
        <details className="folded">
          <summary>{t("trouble.details")}</summary>
          {problem.server && (
            <>
              <p>{t("trouble.serverSaid")}</p>
              <pre>{problem.server}</pre>
            </>
          )}
          <pre>
            {[
              `${problem.code}${problem.class ? ` / ${problem.class}` : ""}`,
              ...facts.map(([k, v]) => `${k}: ${v}`),
            ].join("\n")}
          </pre>
        </details>
      </div>
    </div>
  );
}
