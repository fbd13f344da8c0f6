import { call } from "@/api/call";
import type { Client } from "@/api/client";
import * as Audit from "../../wailsjs/go/api/Audit";
import * as Papers from "../../wailsjs/go/api/Papers";

const untilAnswered = 0;
const minutes = 60_000;

/** What is saved, handed over and written down: certificates, the record. */
export function paperClients(): Pick<Client, "papers" | "audit"> {
  return {
    audit: {
      list: (query) => call(() => Audit.List(query)),
      check: () => call(() => Audit.Check(), minutes),
      export: (language) =>
        call(() => Audit.Export(language as Parameters<typeof Audit.Export>[0]), untilAnswered),
    },
    papers: {
      save: (requestId, order) =>
        call(() => Papers.Save(requestId, order as Parameters<typeof Papers.Save>[1]), untilAnswered),
    },
  };
}
