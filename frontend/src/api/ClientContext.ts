import { createContext, useContext } from "react";
import type { Client } from "@/api/client";

export const ClientContext = createContext<Client | null>(null);

/** The client that the page was started with. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("no client");
  return client;
}
