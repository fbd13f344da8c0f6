import type { Client } from "@/api/client";
import { AppError, problem } from "@/api/errors";
import { fakeDoctor } from "@/api/fake/doctor";
import { fakeLists } from "@/api/fake/lists";
import { fakeRecords } from "@/api/fake/mailRecords";
import { fakeOffices } from "@/api/fake/offices";
import { fakePapers } from "@/api/fake/papers";
import { cardsClient, providersClient } from "@/api/fake/providers";
import { type FakeOffice, fakeStaff } from "@/api/fake/staff";
import { fakeCheck } from "@/api/fake/wizard";
import { FakeWorld } from "@/api/fake/world";
import type { VaultStatus } from "@/api/types";

/**
 * The page's program in memory: for tests, and for looking at the page in a plain
 * browser. Moves advance by themselves every so many milliseconds, or with
 * world.tick() where pace is 0.
 */
export interface FakeOptions {
  pace?: number;
  vault?: VaultStatus["state"];
  world?: FakeWorld;
  office?: FakeOffice;
}

export function fakeClient(options: FakeOptions = {}): Client {
  const { pace = 250 } = options;
  const world = options.world ?? new FakeWorld();
  let vault: VaultStatus = { state: options.vault ?? "open", keychain: (options.vault ?? "open") === "open" };
  let passphrase = "correct horse";
  if (pace > 0) setInterval(() => world.tick(), pace);
  return {
    ...fakePapers(world),
    ...fakeDoctor(),
    ...fakeRecords(),
    ...fakeLists(),
    ...(options.office ? options.office.client() : { ...fakeOffices(), ...fakeStaff() }),
    switches: world.switches.client(),
    app: {
      info: async () => ({
        name: "Mailroom",
        version: "0.0.0",
        os: "linux",
        arch: "amd64",
        dataDir: "/home/li/.local/share/mailroom",
        language: "",
      }),
      startup: async () => world.startup,
      settings: async () => world.settings,
      saveSettings: async (s) => {
        world.settings = s;
        return s;
      },
      openLink: async () => undefined,
      openDataFolder: async () => undefined,
      cancel: async (requestId) => world.signIns.cancel(requestId),
      closeAsked: async () => {
        world.asked++;
      },
      notify: async (title, text) => {
        world.notices.push(`${title}: ${text}`);
      },
      writeMail: async (to, subject, text) => {
        world.mails.push({ to, subject, text });
      },
      quit: async () => {
        world.quit = true;
      },
    },
    endpoints: {
      testSignIn: async (_, endpoint) => world.signIn(endpoint),
      stepsDone: async (endpoint) => {
        world.stepsDone.push(endpoint.user);
      },
      pickArchive: async () => world.picked,
      checkSeal: async (_, path) => ({
        sealed: true,
        intact: !path.includes("changed"),
        damaged: false,
        made: 1_790_000_000_000,
        files: 42,
        bytes: 1_234_567,
        number: "3f".repeat(32),
        changed: path.includes("changed") ? 1 : 0,
        missing: 0,
        added: 0,
        names: path.includes("changed") ? ["cur/1.a:2,S"] : [],
      }),
      pickCA: async () => "/home/li/office-ca.pem",
    },
    providers: providersClient(world),
    cards: cardsClient(world),
    people: {
      pick: async () => world.picked,
      read: async (source) => world.people(source),
      check: async (table) => fakeCheck(table),
      domains: async () => [],
      saveTemplate: async (_, format) => `/home/li/people.${format}`,
      saveTable: async (table) => `/home/li/${table.name}.csv`,
    },
    drafts: {
      list: async () => world.drafts.list(),
      get: async (id) => world.drafts.get(id),
      save: async (draft) => world.drafts.save(draft),
      remove: async (id) => world.drafts.remove(id),
    },
    signIns: world.signIns.client(world),
    practice: {
      office: async () => world.office,
      reset: async () => undefined,
    },
    vault: {
      status: async () => vault,
      unlock: async (given) => {
        if (given !== passphrase) throw new AppError(problem("unauthenticated"));
        vault = { ...vault, state: "open" };
        return vault;
      },
      create: async (given) => {
        passphrase = given;
        vault = { ...vault, state: "open" };
        return vault;
      },
      keep: async (password) => world.keep(password),
      keepAll: async (passwords) => passwords.map((p) => (p ? world.keep(p) : "")),
      forget: async () => undefined,
    },
    moves: {
      list: async () => world.list(),
      get: async (id) => world.get(id),
      create: async (draft) => world.create(draft),
      edit: async (id, draft) => world.edit(id, draft),
      plan: async (id) => world.plan(id),
      folders: async (id, mailboxId) => world.folders(id, mailboxId),
      chooseFolders: async (id, mailboxId, choices) => world.choose(id, mailboxId, choices),
      folderGroups: async (id) => world.groups(id),
      setFolderRules: async (id, rules) => world.rule(id, rules),
      wontFit: async (id) => world.wont(id),
      start: async (id) => world.to(id, "running"),
      pause: async (id) => world.to(id, "paused"),
      goOn: async (id) => world.to(id, "running"),
      cancel: async (id) => world.to(id, "canceled"),
      retry: async (id) => world.to(id, "running"),
      verify: async (id, level) => world.verify(id, level),
      previewUndo: async (_, id) => world.undoPreview(id),
      undoChosen: async (id, { stored }) => world.undo(id, stored),
      remove: async (id) => world.remove(id),
      leftBehind: async (id) => world.left(id),
      differences: async () => [],
    },
    runs: {
      forecast: async (id, options) => world.runs.forecast(id, options),
      setWhen: async (id, schedule, repeat) => world.runs.setWhen(id, schedule, repeat),
      timeline: async (id, before) => world.runs.timeline(id, before),
      pause: async (id, ids) => world.runs.box(id, ids, "paused"),
      goOn: async (id, ids) => world.runs.box(id, ids, "queued"),
      leaveOut: async (id, ids, out) => world.runs.box(id, ids, out ? "left_out" : "queued"),
      changePassword: async (_, id, mailboxId, side) => world.runs.changePassword(id, mailboxId, side),
    },
    on: (name, listener) => world.on(name, listener),
  };
}
