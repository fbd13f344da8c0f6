/** The names under which answers are cached. */
export const keys = {
  info: ["app", "info"] as const,
  startup: ["app", "startup"] as const,
  settings: ["app", "settings"] as const,
  providers: ["endpoints", "providers"] as const,
  practice: ["practice", "office"] as const,
  vault: ["vault", "status"] as const,
  drafts: ["drafts"] as const,
  moves: ["moves"] as const,
  moveList: ["moves", "list"] as const,
  move: (id: string) => ["moves", "one", id] as const,
  forecast: (id: string, options: string) => ["moves", "forecast", id, options] as const,
  folders: (id: string, mailboxId: string) => ["moves", "folders", id, mailboxId] as const,
  groups: (id: string) => ["moves", "groups", id] as const,
  wont: (id: string) => ["moves", "wont", id] as const,
  left: (id: string, mailboxId: string) => ["moves", "left", id, mailboxId] as const,
  differences: (id: string, mailboxId: string) => ["moves", "differences", id, mailboxId] as const,
};
