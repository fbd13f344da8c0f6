import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { readDraft, useDraft } from "@/features/move/draft";
import { keptOf } from "@/features/move/wizard/keep";

/** How long after a change the draft is written, in milliseconds. */
const pause = 700;

/** Writes the draft a moment after each change, and at once when the wizard is left. */
export function useDraftKeeping(): () => Promise<void> {
  const client = useClient();
  const cache = useQueryClient();
  const draft = useDraft();
  const written = useRef("");

  const write = useCallback(async () => {
    const now = readDraft();
    if (!now.id || !now.touched) return;
    const kept = keptOf(now);
    if (kept.document === written.current) return;
    written.current = kept.document;
    try {
      await client.drafts.save(kept);
      void cache.invalidateQueries({ queryKey: keys.drafts });
    } catch {
      written.current = ""; // the next change tries again; the page has it meanwhile
    }
  }, [client, cache]);

  useEffect(() => {
    if (!draft.touched) return;
    const timer = setTimeout(() => void write(), pause);
    return () => clearTimeout(timer);
  }, [draft, write]);
  useEffect(() => () => void write(), [write]);
  return write;
}
