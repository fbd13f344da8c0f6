import { useQuery } from "@tanstack/react-query";
import { App, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import type { SideName } from "@/features/move/draft";
import { useFormat } from "@/lib/useFormat";

/** The practice office; asking for it starts its two servers. */
export function usePractice(wanted = true) {
  const client = useClient();
  return useQuery({
    queryKey: keys.practice,
    queryFn: () => client.practice.office(),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: wanted,
  });
}

/** What the practice office is, on the side where it was chosen. */
export function PracticeNote({ name }: { name: SideName }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { data: office, error, refetch } = usePractice();
  if (error) return <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} />;
  if (!office) return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  return (
    <div className="practice">
      <strong>{i18n.language === "en" ? office.englishCompany : office.company}</strong>
      <p>
        {name === "from"
          ? t("move.ends.practiceFrom", {
              people: format.number(office.people.length),
              messages: format.number(office.messages),
              size: format.bytes(office.bytes),
            })
          : t("move.ends.practiceTo")}
      </p>
      <p className="faint">{t("move.ends.practiceNote")}</p>
      {name === "to" && <ResetPractice />}
    </div>
  );
}

/** Empties the new server, so that the rehearsal can begin again. */
function ResetPractice() {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  async function reset() {
    try {
      await client.practice.reset();
      void message.success(t("move.ends.resetDone"));
    } catch (e) {
      const text = troubleText(t, problemOf(e));
      void message.error(`${text.what} ${text.why}`);
    }
  }
  return (
    <p>
      <button type="button" className="link" onClick={() => void reset()}>
        {t("move.ends.reset")}
      </button>
    </p>
  );
}
