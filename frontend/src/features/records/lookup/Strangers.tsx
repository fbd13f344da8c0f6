import { useTranslation } from "react-i18next";
import type { LookupAnswer } from "@/api/records";
import type { RecordText } from "@/components/records/useRecordText";
import { tidy } from "@/components/records/useRecordText";

interface Props {
  answer: LookupAnswer;
  text: RecordText;
  onAsk: (question: string) => void;
}

/** Whom the question names and the office does not have, and who may be meant. */
export function Strangers({ answer, text, onAsk }: Props) {
  const { t } = useTranslation();
  const asked = answer.question.text;
  return answer.strangers.map((s) => (
    <div key={s.asked} className="row wrap">
      <span>{tidy(t("recordsPage.lookup.nobody", { name: s.asked }))}</span>
      {s.near.length > 0 && <span>{t("recordsPage.lookup.near")}</span>}
      {s.near.map((p) => (
        <button
          key={p.address}
          type="button"
          className="link"
          onClick={() => onAsk(replaced(asked, s.asked, p.address))}
        >
          {text.whoExactly(p.address)}
        </button>
      ))}
    </div>
  ));
}

/** A question with another name in the place of one; Latin letters are set apart from Chinese. */
function replaced(question: string, name: string, instead: string): string {
  const at = question.toLowerCase().indexOf(name.toLowerCase());
  if (at < 0) return instead;
  const [before, after] = [question.slice(0, at).trimEnd(), question.slice(at + name.length).trimStart()];
  return [before, instead, after].filter(Boolean).join(" ");
}
