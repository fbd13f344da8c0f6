import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { Settings } from "@/api/types";
import { adopt, usePreferences } from "@/lib/preferences";

/** Takes over the choices that the program keeps; once, at the start. */
export function useStoredSettings(ready: boolean): void {
  const client = useClient();
  const { data } = useQuery({
    queryKey: keys.settings,
    queryFn: () => client.app.settings(),
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (data) adopt(data);
  }, [data]);
}

/** The choices and a way to change some of them; the change shows at once. */
export function useSettings(): [Settings, (change: Partial<Settings>) => void] {
  const client = useClient();
  const settings = usePreferences();
  const change = useCallback(
    (part: Partial<Settings>) => {
      const next = { ...settings, ...part };
      adopt(next);
      // The page keeps its own copy, so a program that cannot save loses nothing now.
      client.app.saveSettings(next).catch(() => undefined);
    },
    [client, settings],
  );
  return [settings, change];
}
