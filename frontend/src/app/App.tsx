import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as Antd, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useEffect, useMemo } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { ClientContext } from "@/api/ClientContext";
import type { Client } from "@/api/client";
import { bridgeEvents } from "@/app/eventBridge";
import { Shell } from "@/app/Shell";
import { i18n } from "@/i18n";
import { useAppearance } from "@/lib/preferences";
import { themeOf } from "@/lib/theme";

/** A cache for calls that go to the program, not to a network. */
function makeCache(): QueryClient {
  const defaults = { networkMode: "always" as const, retry: false };
  return new QueryClient({
    defaultOptions: {
      queries: { ...defaults, refetchOnWindowFocus: false, staleTime: 10_000 },
      mutations: defaults,
    },
  });
}

/** The whole page on a client. */
export function App({ client }: { client: Client }) {
  const cache = useMemo(makeCache, []);
  useEffect(() => bridgeEvents(client, cache), [client, cache]);
  return (
    <I18nextProvider i18n={i18n}>
      <ClientContext.Provider value={client}>
        <QueryClientProvider client={cache}>
          <Dressed />
        </QueryClientProvider>
      </ClientContext.Provider>
    </I18nextProvider>
  );
}

function Dressed() {
  const appearance = useAppearance();
  const { i18n: language } = useTranslation();
  const theme = useMemo(() => themeOf(appearance, language.language), [appearance, language.language]);
  return (
    <ConfigProvider
      theme={theme}
      locale={language.language === "en" ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <Antd className="app" message={{ maxCount: 3 }} notification={{ stack: { threshold: 1 } }}>
        <Router hook={useHashLocation}>
          <Shell />
        </Router>
      </Antd>
    </ConfigProvider>
  );
}
