import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { OfficeCapabilities, OfficeInfo, OfficeMaker, OfficeSupport } from "@/api/offices";
import { useCodeText } from "@/lib/codeText";

/** The connected offices. */
export function useOffices() {
  const client = useClient();
  return useQuery({ queryKey: keys.officeList, queryFn: () => client.offices.list() });
}

/** The office that the window shows; undefined while it is not known, null where there is none. */
export function useOffice(): OfficeInfo | null | undefined {
  const { data } = useOffices();
  return data && (data.find((o) => o.current) ?? data[0] ?? null);
}

/** The kinds of offices that can be connected. */
export function useMakers() {
  const client = useClient();
  return useQuery({
    queryKey: keys.officeMakers,
    queryFn: () => client.offices.makers(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a provider is called in the page's language. */
export function useMakerName(): (id: string) => string {
  const { data } = useMakers();
  const { i18n } = useTranslation();
  return useCallback(
    (id) => {
      const maker = data?.find((m) => m.id === id);
      return maker ? nameOf(maker, i18n.language) : id;
    },
    [data, i18n.language],
  );
}

export function nameOf(maker: OfficeMaker, language: string): string {
  return language === "en" ? maker.name : maker.chineseName;
}

export interface Ability {
  caps: OfficeCapabilities | undefined;
  /** Whether the office can do it. */
  can: (capability: string) => boolean;
  /** Why it cannot, in a sentence; "" where it can. */
  why: (capability: string) => string;
  support: (capability: string) => OfficeSupport | undefined;
  creates: (attr: string) => boolean;
  changes: (attr: string) => boolean;
}

/** What an office can do, and why it cannot do the rest. */
export function useAbility(office: OfficeInfo | null | undefined): Ability {
  const client = useClient();
  const say = useReason(office?.provider ?? "");
  const { data: caps } = useQuery({
    queryKey: keys.capabilities(office?.id ?? ""),
    queryFn: () => client.offices.capabilities(office?.id ?? ""),
    enabled: !!office,
    staleTime: 60_000,
  });
  return useMemo(() => {
    const byName = new Map(caps?.support.map((s) => [s.capability, s] as const));
    return {
      caps,
      can: (c) => byName.get(c)?.can === true,
      why: (c) => say(byName.get(c)),
      support: (c) => byName.get(c),
      creates: (attr) => caps?.create.includes(attr) ?? false,
      changes: (attr) => caps?.change.includes(attr) ?? false,
    };
  }, [caps, say]);
}

/** Why something cannot be done, in the page's language. */
export function useReason(provider: string): (s: Omit<OfficeSupport, "local"> | undefined) => string {
  const { t } = useTranslation();
  const code = useCodeText();
  const makerName = useMakerName();
  return useCallback(
    (s) => {
      if (s?.can) return "";
      if (!s) return t("officeReason.unknown");
      const reason = code("officeReason", s.why, { provider: makerName(provider) });
      if (s.why !== "needs_key" || s.key === "") return reason;
      const field = code(`office.${provider}`, `${s.key}.label`);
      return `${reason} ${t("officeReason.needsField", { field })}`;
    },
    [t, code, makerName, provider],
  );
}
