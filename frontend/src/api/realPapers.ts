import { call } from "@/api/call";
import type { Client } from "@/api/client";
import * as Audit from "../../wailsjs/go/api/Audit";
import * as Invites from "../../wailsjs/go/api/Invites";
import * as Papers from "../../wailsjs/go/api/Papers";

const untilAnswered = 0;
const minutes = 60_000;

/** What is saved, handed over and written down: certificates, the record. */
export function paperClients(): Pick<Client, "papers" | "audit" | "guests"> {
  return {
    audit: {
      list: (query) => call(() => Audit.List(query)),
      check: () => call(() => Audit.Check(), minutes),
      export: (language) =>
        call(() => Audit.Export(language as Parameters<typeof Audit.Export>[0]), untilAnswered),
    },
    guests: {
      fingerprint: () => call(() => Invites.Fingerprint(), minutes),
      make: (order) => call(() => Invites.Make(order), untilAnswered),
      states: (moveId) => call(() => Invites.States(moveId)),
      stop: (moveId, mailboxId) => call(() => Invites.Stop(moveId, mailboxId)),
      pick: () => call(() => Invites.Pick(), untilAnswered),
      openFile: (path) => call(() => Invites.OpenFile(path), minutes),
      openText: (text) => call(() => Invites.OpenText(text), minutes),
      current: () => call(() => Invites.Current()),
      leave: () => call(() => Invites.Leave()),
      begin: (id, fromSecret, toSecret) => call(() => Invites.Begin(id, fromSecret, toSecret), minutes),
      saveResult: (id) => call(() => Invites.SaveResult(id), untilAnswered),
      resultText: (id) => call(() => Invites.ResultText(id)),
    },
    papers: {
      save: (requestId, order) =>
        call(() => Papers.Save(requestId, order as Parameters<typeof Papers.Save>[1]), untilAnswered),
    },
  };
}
