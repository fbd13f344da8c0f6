import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { isSelf, useDraft } from "@/features/move/draft";
import { setSelf, withoutPassword } from "@/features/move/people/self";
import { useFormat } from "@/lib/useFormat";

/** Leaves the passwords to the people: in one go for all whose passwords nobody knows. */
export function SelfChoice() {
  const { t } = useTranslation();
  const format = useFormat();
  const draft = useDraft();
  const lacking = withoutPassword(draft).map((p) => p.key);
  const invited = draft.people.filter((p) => isSelf(draft, p)).length;
  if (lacking.length === 0 && invited === 0) return null;
  return (
    <div className="row wrap">
      {lacking.length > 0 && (
        <Button onClick={() => setSelf(lacking, true)}>
          {t("invite.draft.all", { count: lacking.length, n: format.number(lacking.length) })}
        </Button>
      )}
      {invited > 0 && (
        <span className="faint" role="status">
          {t("invite.draft.chosen", { count: invited, n: format.number(invited) })}
        </span>
      )}
    </div>
  );
}
