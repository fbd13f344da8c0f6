import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";

/** The known providers by name, for a choice. */
export function useProviderChoices(): { value: string; label: string }[] {
  const client = useClient();
  const { i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: keys.providers,
    queryFn: () => client.providers.list(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (data ?? []).map((p) => ({
    value: p.id,
    label: i18n.language === "en" ? p.nameEn : p.nameZh,
  }));
}
