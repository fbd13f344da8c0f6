import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import { TroubleCard } from "@/components/TroubleCard";
import { useEventText } from "@/features/move/run/useEventText";
import { useFormat } from "@/lib/useFormat";

const page = 40;

/** What happened to a move, the newest first. */
export const Timeline = memo(function Timeline({ moveId }: { moveId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const { tell, toneOfEvent } = useEventText();
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: keys.timeline(moveId),
    queryFn: ({ pageParam }) => client.runs.timeline(moveId, pageParam, page),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.length < page ? undefined : last.at(-1)?.id),
  });
  const events = data?.pages.flat() ?? [];
  return (
    <section className="card timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t("run.timeline.title")}</h2>
      {error && <TroubleCard problem={problemOf(error)} />}
      {events.length === 0 && !error && <p className="faint">{t("run.timeline.none")}</p>}
      <ol>
        {events.map((e) => (
          <li key={e.id} className={`event event-${toneOfEvent(e)}`}>
            <time className="tabular faint" dateTime={new Date(e.at).toISOString()}>
              {format.moment(e.at)}
            </time>
            <span>{tell(e)}</span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button size="small" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("run.timeline.more")}
        </Button>
      )}
    </section>
  );
});
