import { Button, type ButtonProps, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Ability } from "@/components/office/useOffice";

interface Props extends ButtonProps {
  ability: Ability;
  /** A capability; "" where it needs none. */
  needs: string;
  /** Why it cannot be done with this very thing, although the office can do it. */
  unable?: string;
}

/** A button for what the office may not be able to do: then it is grey and says why. */
export function AbleButton({ ability, needs, unable, ...rest }: Props) {
  const { t } = useTranslation();
  const can = needs === "" || ability.can(needs);
  if (can && !unable) return <Button {...rest} />;
  const reason = t("staff.offBecause", { reason: can ? (unable ?? "") : ability.why(needs) });
  return (
    <Tooltip title={reason}>
      {/* Reachable by keys, so that the reason is too. */}
      <Button
        {...rest}
        aria-disabled
        className={`${rest.className ?? ""} unable`}
        title={reason}
        onClick={undefined}
      />
    </Tooltip>
  );
}
