import { ClockCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { MoveForecast } from "@/api/types";
import { useFormat } from "@/lib/useFormat";

interface Props {
  forecast: MoveForecast | undefined;
  /** A move is there to ask about. */
  known: boolean;
}

/** "Done by Tuesday, 06:00", and what takes the time. */
export function FinishLine({ forecast, known }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = forecast?.at ?? 0;
  return (
    <p className="finish" role="status">
      <ClockCircleOutlined aria-hidden />
      {at > 0 ? (
        <span>
          <strong>{t("when.doneBy", { time: format.dayAndClock(at) })}</strong>
          {forecast && forecast.brake !== "" && (
            <span className="faint"> {t(`when.brake.${forecast.brake}`)}</span>
          )}
        </span>
      ) : (
        <span className="faint">{t(known ? "when.notKnown" : "when.afterCheck")}</span>
      )}
    </p>
  );
}
