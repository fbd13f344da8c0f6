import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { useRecordsProgress } from "@/components/records/FetchLine";

const pause = 220; // milliseconds without a key before the question is asked

/** A text as it was a moment ago: what is still being typed does not count yet. */
export function useSettled(text: string, composing: boolean): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setSettled(text), text.trim() === "" ? 0 : pause);
    return () => clearTimeout(timer);
  }, [text, composing]);
  return settled;
}

const again = 3000; // milliseconds until an answer is asked for once more while records come

/** Asks the program a question in everyday words; an older one is stopped. */
export function useAsk(shelf: string, question: string) {
  const client = useClient();
  const coming = useRecordsProgress(shelf)?.running === true;
  const asked = question.trim();
  return useQuery({
    queryKey: keys.ask(shelf, asked),
    queryFn: ({ signal }) => {
      const id = crypto.randomUUID();
      signal.addEventListener("abort", () => void client.app.cancel(id).catch(() => undefined));
      return client.recordLookup.ask(id, shelf, asked);
    },
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    staleTime: 0,
    refetchInterval: coming && again,
  });
}
