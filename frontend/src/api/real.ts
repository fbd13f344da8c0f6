import { call } from "@/api/call";
import type { Client } from "@/api/client";
import { realDoctor } from "@/api/doctor";
import { realLists } from "@/api/lists";
import { realOffices } from "@/api/offices";
import { paperClients } from "@/api/realPapers";
import { realRecords } from "@/api/records";
import { realStaff } from "@/api/staff";
import type { Events } from "@/api/types";
import * as App from "../../wailsjs/go/api/App";
import * as Cards from "../../wailsjs/go/api/Cards";
import * as Drafts from "../../wailsjs/go/api/Drafts";
import * as Endpoints from "../../wailsjs/go/api/Endpoints";
import * as Moves from "../../wailsjs/go/api/Moves";
import * as People from "../../wailsjs/go/api/People";
import * as Practice from "../../wailsjs/go/api/Practice";
import * as Providers from "../../wailsjs/go/api/Providers";
import * as Runs from "../../wailsjs/go/api/Runs";
import * as SignIns from "../../wailsjs/go/api/SignIns";
import * as Switchover from "../../wailsjs/go/api/Switchover";
import * as Vault from "../../wailsjs/go/api/Vault";
import { EventsOn } from "../../wailsjs/runtime/runtime";

type First<F> = F extends (a: infer A, ...rest: never[]) => unknown ? A : never;
type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;

/** Calls that wait for a person have no limit. */
const untilAnswered = 0;
const minutes = 60_000;

/** The client that talks to the program over the bridge. The only user of wailsjs. */
export function realClient(): Client {
  return {
    ...paperClients(),
    ...realDoctor(),
    ...realOffices(),
    ...realRecords(),
    ...realLists(),
    ...realStaff(),
    app: {
      info: () => call(() => App.Info()),
      startup: () => call(() => App.Startup()),
      settings: () => call(() => App.Settings()),
      saveSettings: (s) => call(() => App.SaveSettings(s as First<typeof App.SaveSettings>)),
      openLink: (url) => call(() => App.OpenLink(url)),
      openDataFolder: () => call(() => App.OpenDataFolder()),
      cancel: (requestId) => call(() => App.Cancel(requestId)),
      closeAsked: () => call(() => App.CloseAsked()),
      quit: () => call(() => App.Quit(), 2 * minutes),
      notify: (title, text) => call(() => App.Notify(title, text)),
      writeMail: (to, subject, text) => call(() => App.WriteMail(to, subject, text)),
    },
    endpoints: {
      testSignIn: (requestId, endpoint) =>
        call(
          () => Endpoints.TestSignIn(requestId, endpoint as Second<typeof Endpoints.TestSignIn>),
          2 * minutes,
        ),
      stepsDone: (endpoint) => call(() => Endpoints.StepsDone(endpoint as First<typeof Endpoints.StepsDone>)),
      pickArchive: (kind, forWriting) =>
        call(
          () => Endpoints.PickArchive(kind as First<typeof Endpoints.PickArchive>, forWriting),
          untilAnswered,
        ),
      checkSeal: (requestId, path) => call(() => Endpoints.CheckSeal(requestId, path), untilAnswered),
      pickCA: () => call(() => Endpoints.PickCA(), untilAnswered),
    },
    providers: {
      list: () => call(() => Providers.List()),
      find: (requestId, address) => call(() => Providers.Find(requestId, address), minutes),
      explain: (refusal, provider, family, host) =>
        call(() => Providers.Explain(refusal, provider, family, host)),
      explainMail: (refusal, provider, family, host, language) =>
        call(() =>
          Providers.ExplainMail(
            refusal,
            provider,
            family,
            host,
            language as Parameters<typeof Providers.ExplainMail>[4],
          ),
        ),
    },
    cards: {
      plan: (moveId) => call(() => Cards.Plan(moveId)),
      save: (order) => call(() => Cards.Save(order as First<typeof Cards.Save>), untilAnswered),
    },
    people: {
      pick: () => call(() => People.Pick(), untilAnswered),
      read: (source) => call(() => People.Read(source), 2 * minutes),
      check: (table) => call(() => People.Check(table)),
      domains: (names) => call(() => People.Domains(names), 4 * minutes),
      saveTemplate: (language, format) =>
        call(
          () =>
            People.SaveTemplate(
              language as First<typeof People.SaveTemplate>,
              format as Second<typeof People.SaveTemplate>,
            ),
          untilAnswered,
        ),
      saveTable: (table) => call(() => People.SaveTable(table), untilAnswered),
    },
    drafts: {
      list: () => call(() => Drafts.List()),
      get: (id) => call(() => Drafts.Get(id)),
      save: (draft) => call(() => Drafts.Save(draft)),
      remove: (id) => call(() => Drafts.Remove(id)),
    },
    signIns: {
      apps: () => call(() => SignIns.Apps()),
      saveApp: (input) => call(() => SignIns.SaveApp(input as First<typeof SignIns.SaveApp>), minutes),
      removeApp: (id) => call(() => SignIns.RemoveApp(id)),
      pickKeyFile: () => call(() => SignIns.PickKeyFile(), untilAnswered),
      signIn: (requestId, appId, address, byCode, language) =>
        call(
          () =>
            SignIns.SignIn(
              requestId,
              appId,
              address,
              byCode,
              language as Parameters<typeof SignIns.SignIn>[4],
            ),
          untilAnswered,
        ),
    },
    practice: {
      office: () => call(() => Practice.Office(), 3 * minutes),
      reset: () => call(() => Practice.Reset(), 3 * minutes),
    },
    vault: {
      status: () => call(() => Vault.Status()),
      unlock: (passphrase) => call(() => Vault.Unlock(passphrase), minutes),
      create: (passphrase) => call(() => Vault.Create(passphrase), minutes),
      keep: (password) => call(() => Vault.Keep(password)),
      keepAll: (passwords) => call(() => Vault.KeepAll(passwords), minutes),
      forget: (handle) => call(() => Vault.Forget(handle)),
    },
    moves: movesClient(),
    runs: {
      forecast: (id, options) => call(() => Runs.Forecast(id, options as Second<typeof Runs.Forecast>)),
      setWhen: (id, schedule, repeat) =>
        call(() => Runs.SetWhen(id, schedule as Second<typeof Runs.SetWhen>, repeat)),
      timeline: (id, before, limit) => call(() => Runs.Timeline(id, before, limit)),
      pause: (id, mailboxIds) => call(() => Runs.Pause(id, mailboxIds)),
      goOn: (id, mailboxIds) => call(() => Runs.GoOn(id, mailboxIds)),
      leaveOut: (id, mailboxIds, out) => call(() => Runs.LeaveOut(id, mailboxIds, out)),
      changePassword: (requestId, id, mailboxId, side, handle) =>
        call(() => Runs.ChangePassword(requestId, id, mailboxId, side, handle), 2 * minutes),
    },
    switches: {
      get: (moveId) => call(() => Switchover.Get(moveId)),
      set: (moveId, input) => call(() => Switchover.Set(moveId, input)),
      check: (requestId, moveId) => call(() => Switchover.Check(requestId, moveId), 2 * minutes),
      seeLeft: (moveId, count) => call(() => Switchover.SeeLeft(moveId, count)),
      endWatch: (moveId, insist) => call(() => Switchover.EndWatch(moveId, insist)),
      cancelOld: (moveId, insist) => call(() => Switchover.CancelOld(moveId, insist)),
      setResolvers: (resolvers) => call(() => Switchover.SetResolvers(resolvers)),
    },
    on: (name, listener) => EventsOn(name, (payload: Events[typeof name]) => listener(payload)),
  };
}

function movesClient(): Client["moves"] {
  return {
    list: () => call(() => Moves.List()),
    get: (id) => call(() => Moves.Get(id)),
    create: (draft) => call(() => Moves.Create(draft as First<typeof Moves.Create>)),
    edit: (id, draft) => call(() => Moves.Edit(id, draft as First<typeof Moves.Create>)),
    plan: (id) => call(() => Moves.Plan(id)),
    folders: (id, mailboxId) => call(() => Moves.Folders(id, mailboxId)),
    chooseFolders: (id, mailboxId, choices) => call(() => Moves.ChooseFolders(id, mailboxId, choices)),
    folderGroups: (id) => call(() => Moves.FolderGroups(id)),
    setFolderRules: (id, rules) =>
      call(() => Moves.SetFolderRules(id, rules as Second<typeof Moves.SetFolderRules>)),
    wontFit: (id, offset, limit) => call(() => Moves.WontFit(id, offset, limit)),
    start: (id) => call(() => Moves.Start(id)),
    pause: (id) => call(() => Moves.Pause(id)),
    goOn: (id) => call(() => Moves.GoOn(id)),
    cancel: (id) => call(() => Moves.Cancel(id)),
    retry: (id) => call(() => Moves.Retry(id)),
    verify: (id, level) => call(() => Moves.Verify(id, level as Second<typeof Moves.Verify>)),
    previewUndo: (requestId, id, mailboxIds) =>
      call(() => Moves.PreviewUndo(requestId, id, mailboxIds), 12 * minutes),
    undoChosen: (id, order) => call(() => Moves.UndoChosen(id, order)),
    remove: (id) => call(() => Moves.Remove(id)),
    leftBehind: (id, mailboxId, offset, limit) => call(() => Moves.LeftBehind(id, mailboxId, offset, limit)),
    differences: (id, mailboxId) => call(() => Moves.Differences(id, mailboxId)),
  };
}
