import { Button, type ButtonProps, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Ability } from "@/components/office/useOffice";

interface Props extends ButtonProps {
  ability: Ability;
  /** A capability; "" where it needs none. */
  needs: string;
}

/** A button for what the office may not be able to do: then it is grey and says why. */
export function AbleButton({ ability, needs, ...rest }: Props) {
  const { t } = useTranslation();
  if (needs === "" || ability.can(needs)) return <Button {...rest} />;
  const reason = t("staff.offBecause", { reason: ability.why(needs) });
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
