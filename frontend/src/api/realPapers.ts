import { call } from "@/api/call";
import type { Client } from "@/api/client";
import * as Papers from "../../wailsjs/go/api/Papers";

const untilAnswered = 0;

/** What is saved, handed over and taken in: certificates. */
export function paperClients(): Pick<Client, "papers"> {
  return {
    papers: {
      save: (requestId, order) =>
        call(() => Papers.Save(requestId, order as Parameters<typeof Papers.Save>[1]), untilAnswered),
    },
  };
}
