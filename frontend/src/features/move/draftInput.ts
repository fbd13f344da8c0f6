import type { AuthMethod, Endpoint, EndpointKind, MailboxInput, Move, MoveDraftInput } from "@/api/types";
import {
  type Draft,
  emptyDraft,
  emptySide,
  isSelf,
  type Person,
  type PersonSide,
  type Side,
  type SideName,
} from "@/features/move/draft";
import { noPassword, type Password } from "@/lib/password";

/** Whether a kind is a folder or file on this computer. */
export function isArchive(kind: EndpointKind): boolean {
  return kind === "maildir" || kind === "mbox" || kind === "eml";
}

const blank: Endpoint = {
  kind: "imap",
  side: "",
  host: "",
  port: 0,
  security: "tls",
  auth: "",
  user: "",
  authz: "",
  secret: "",
  pin: "",
  app: "",
  separator: "",
  sealed: false,
  ca: "",
  path: "",
};

/** Whether a kind is a server that somebody signs in to. */
export function isServer(kind: EndpointKind): boolean {
  return kind === "imap" || kind === "pop3";
}

/** One mailbox's endpoint on one side; passwords must be handles by now. */
export function endpointOf(draft: Draft, name: SideName, person: Person): Endpoint {
  const side = draft[name];
  const own = person[name];
  // A row may name a server of its own; its password may have been typed anew since.
  if (own.ready) return { ...own.ready, secret: own.password.handle || own.ready.secret };
  if (side.kind === "practice") {
    return { ...blank, kind: "practice", side: name === "from" ? "old" : "new", user: own.user };
  }
  if (isArchive(side.kind)) {
    const path = archivePath(draft, name, person);
    return { ...blank, kind: side.kind, path, sealed: name === "to" && side.sealed };
  }
  const server = {
    ...blank,
    kind: side.kind,
    host: side.host.trim(),
    port: side.port ?? 0,
    security: side.security,
    pin: side.pin,
    ca: side.ca,
  };
  if (side.auth) {
    const secret = side.auth === "oauth" ? own.password.handle : "";
    return { ...server, auth: side.auth, app: side.app, user: own.user.trim(), secret };
  }
  if (side.master) {
    return {
      ...server,
      user: side.masterUser.trim(),
      authz: own.user.trim(),
      secret: side.masterKey.handle,
      separator: side.separator,
    };
  }
  return { ...server, user: own.user.trim(), secret: own.password.handle };
}

/** Where a person's mail lies in a local archive: one folder for each, if there are several. */
export function archivePath(draft: Draft, name: SideName, person: Person): string {
  const own = person[name].path;
  if (own) return own;
  const base = draft[name].path;
  if (draft.people.length < 2) return base;
  const other = person[name === "from" ? "to" : "from"].user || person.label || person.key;
  const mark = base.includes("\\") ? "\\" : "/";
  const leaf = other.replace(/[\\/:*?"<>|]/g, "_");
  return `${base.replace(/[\\/]+$/, "")}${mark}${leaf}${draft[name].kind === "mbox" ? ".mbox" : ""}`;
}

export function inputOf(draft: Draft): MoveDraftInput {
  return {
    name: "",
    options: draft.options,
    mailboxes: draft.people.map(
      (p): MailboxInput => ({
        label: p.label || p.from.user || p.to.user,
        from: endpointOf(draft, "from", p),
        to: endpointOf(draft, "to", p),
        ...(isSelf(draft, p) && { self: true }),
      }),
    ),
  };
}

/** The draft that makes an existing move again, to change it. */
export function draftOf(move: Move): Draft {
  const first = move.mailboxes[0];
  const draft = emptyDraft();
  return {
    ...draft,
    moveId: move.id,
    step: "people",
    change: move.started > 0,
    touchedPeople: true,
    from: first ? sideOf(first.from) : draft.from,
    to: first ? sideOf(first.to) : draft.to,
    options: move.options,
    people: move.mailboxes.map((m) => ({
      key: m.id,
      label: m.label,
      from: personSideOf(m.from),
      to: personSideOf(m.to),
      ...(m.self && { self: true }),
    })),
  };
}

function sideOf(e: Endpoint): Side {
  return {
    ...emptySide(e.kind),
    host: e.host,
    port: e.port || null,
    security: e.security,
    pin: e.pin,
    ca: e.ca,
    path: e.path,
    master: e.authz !== "",
    masterUser: e.authz === "" ? "" : e.user,
    masterKey: e.authz === "" ? noPassword : kept(e.secret),
    separator: e.separator,
    auth: byToken(e.auth) ? e.auth : "",
    app: e.app,
    sealed: e.sealed,
  };
}

function byToken(auth: AuthMethod): boolean {
  return auth === "oauth" || auth === "service" || auth === "application";
}

function personSideOf(e: Endpoint): PersonSide {
  return {
    user: e.authz || e.user,
    password: e.authz === "" ? kept(e.secret) : noPassword,
    path: e.path,
    ready: e.kind === "practice" ? e : undefined,
  };
}

function kept(handle: string): Password {
  return { typed: "", handle };
}
