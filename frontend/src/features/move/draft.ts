import { useSyncExternalStore } from "react";
import type { AuthMethod, Endpoint, EndpointKind, MoveOptions, Security, SignInResult } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";
import { noPassword, type Password } from "@/lib/password";

/**
 * The move that is being put together. It lives outside the components so that
 * looking at another page loses nothing; it never leaves the page's memory.
 */
export interface Draft {
  /** Under which the program keeps it; "" not begun. */
  id: string;
  /** The move that it has become or changes; "" none yet. */
  moveId: string;
  step: Step;
  /** The move was there before: this changes it. */
  change: boolean;
  /** The mailboxes and options that the last dry run looked at, see planMark. */
  planned: string;
  /** What the person said is meant to be so, though it looks odd: marks of findings. */
  allowed: string[];
  touched: boolean;
  /** The person chose among the practice people; before, all are ticked. */
  touchedPeople: boolean;
  from: Side;
  to: Side;
  people: Person[];
  options: MoveOptions;
}

/** The steps of putting a move together, in their order. */
export const steps = ["from", "to", "people", "folders", "check", "when"] as const;
export type Step = (typeof steps)[number];

/** One side: the server or archive that all people share. */
export interface Side {
  kind: EndpointKind;
  host: string;
  port: number | null;
  security: Security;
  /** SHA-256 of the one certificate that the person trusted; "" none. */
  pin: string;
  /** PEM file of a further authority to trust; "" none. */
  ca: string;
  /** The folder of a local archive. */
  path: string;
  /** One sign-in that opens everybody's mailbox. */
  master: boolean;
  masterUser: string;
  masterKey: Password;
  /** Between the mailbox and the admin account, where a server wants both joined; "" it does not. */
  separator: string;
  /** Tokens instead of passwords: of each person (oauth), or of the office's app. */
  auth: AuthMethod;
  /** The sign-in app that gets them. */
  app: string;
  /** An archive to write is sealed after each run. */
  sealed: boolean;
}

export interface Person {
  key: string;
  label: string;
  from: PersonSide;
  to: PersonSide;
  /** Invited to move on their own computer: no passwords are entered here. False: taken back, and the program not told yet. */
  self?: boolean;
}

export interface PersonSide {
  user: string;
  password: Password;
  /** Who signed in with the browser; the handle of the password stands for that. */
  account?: string;
  /** Where this mailbox lies in a local archive; "" by its name under the side's folder. */
  path: string;
  /** A ready endpoint: of the practice office, or of a row that names a server of its own. */
  ready?: Endpoint;
  /** The last tested sign-in. */
  test?: SignInResult;
}

export type SideName = "from" | "to";

export function emptySide(kind: EndpointKind = "imap"): Side {
  return {
    kind,
    host: "",
    port: null,
    security: "tls",
    pin: "",
    ca: "",
    path: "",
    master: false,
    masterUser: "",
    masterKey: noPassword,
    separator: "",
    auth: "",
    app: "",
    sealed: false,
  };
}

export function emptyPerson(): Person {
  const side = (): PersonSide => ({ user: "", password: noPassword, path: "" });
  return { key: crypto.randomUUID(), label: "", from: side(), to: side() };
}

/** Whether the people of a move can be invited: by password, between two servers. */
export function canInvite({ from, to }: Pick<Draft, SideName>): boolean {
  return [from, to].every((side) => side.kind === "imap" && side.auth === "");
}

/** Whether a person is to move the mailbox by themselves. */
export function isSelf(draft: Draft, person: Person): boolean {
  return person.self === true && canInvite(draft);
}

export function emptyDraft(kind: EndpointKind = "practice"): Draft {
  return {
    id: "",
    moveId: "",
    step: "from",
    change: false,
    planned: "",
    allowed: [],
    touched: false,
    touchedPeople: false,
    from: emptySide(kind),
    to: emptySide(kind),
    people: [],
    options: usualOptions,
  };
}

let current = emptyDraft();
const listeners = new Set<() => void>();

export function readDraft(): Draft {
  return current;
}

export function setDraft(next: Draft): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Changes some of the draft and marks it as touched. */
export function changeDraft(change: Partial<Draft> | ((d: Draft) => Partial<Draft>)): void {
  const part = typeof change === "function" ? change(current) : change;
  setDraft({ ...current, touched: true, ...part });
}

export function changeSide(name: SideName, change: Partial<Side>): void {
  changeDraft((d) => (name === "from" ? { from: { ...d.from, ...change } } : { to: { ...d.to, ...change } }));
}

export function changePerson(key: string, name: SideName, change: Partial<PersonSide>): void {
  changeDraft((d) => ({
    people: d.people.map((p) => (p.key === key ? { ...p, [name]: { ...p[name], ...change } } : p)),
  }));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, readDraft);
}
