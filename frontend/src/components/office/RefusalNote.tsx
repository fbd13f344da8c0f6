import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problem } from "@/api/errors";
import type { ChangeRefusal } from "@/api/offices";
import { useDiffText } from "@/components/office/useDiffText";
import { useReason } from "@/components/office/useOffice";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { useCodeText } from "@/lib/codeText";

/** Why a step cannot be done; where it was changed meanwhile, both versions. */
/** Reasons why a provider cannot do just this; the others are those of its capabilities. */
const own = ["firm", "primary_new"];

export function RefusalNote({ refusal, provider }: { refusal: ChangeRefusal; provider: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const reason = useReason(provider);
  const code = useCodeText();
  const trouble = useOfficeTrouble();
  const why = refusal.args.keepsBack
    ? `${t("change.stays")} ${code("change.keepsBack", refusal.args.keepsBack)}`
    : refusal.code === "unsupported" && !own.includes(refusal.args.reason ?? "")
      ? reason({ capability: "", can: false, why: refusal.why, key: refusal.key, console: refusal.console })
      : oneSentence(trouble(problem(refusal.code, refusal.args)));
  const field = refusal.attr ? `${code("attr", refusal.attr)} · ` : "";
  return (
    <div className="refusal">
      {refusal.clash.length > 0 ? (
        <Clash refusal={refusal} />
      ) : (
        <small className="bad" title={why}>
          {field}
          {why}
        </small>
      )}
      {refusal.console !== "" && (
        <button
          type="button"
          className="link"
          onClick={() => void client.app.openLink(refusal.console).catch(() => undefined)}
        >
          <small>{t("offices.toConsole")}</small>
        </button>
      )}
      {(refusal.args.vendorText || refusal.args.vendorCode) && (
        <small className="faint">
          {`${t("change.vendorSaid")} ${[refusal.args.vendorCode, refusal.args.vendorText].filter(Boolean).join(" ")}`}
        </small>
      )}
    </div>
  );
}

function Clash({ refusal }: { refusal: ChangeRefusal }) {
  const { t } = useTranslation();
  const text = useDiffText();
  return (
    <div className="clash">
      <small className="bad">{t("change.clash")}</small>
      <table className="plain-table">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("change.seen")}</th>
            <th scope="col">{t("change.now")}</th>
          </tr>
        </thead>
        <tbody>
          {refusal.clash
            .map((d) => text(d))
            .map((d) => (
              <tr key={d.name}>
                <th scope="row">{d.name}</th>
                <td>{d.before}</td>
                <td>{d.after}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
