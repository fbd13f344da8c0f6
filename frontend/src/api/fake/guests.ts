import type { Client } from "@/api/client";
import { AppError, problem } from "@/api/errors";
import type { FakeWorld } from "@/api/fake/world";
import type { Invitation, InviteState, MoveDraftInput } from "@/api/types";
import { usualOptions } from "@/api/usualOptions";

const end = (host: string, user: string) =>
  ({
    kind: "imap",
    side: "",
    host,
    port: 993,
    security: "tls",
    auth: "",
    user,
    secret: "",
    path: "",
  }) as const;

const invitation = {
  id: "i1",
  office: "示例公司",
  fingerprint: "4821 0937 5512 7340",
  key: "new",
  person: "李雷",
  from: end("imap.old.example", "li.lei@old.example"),
  to: end("imap.new.example", "li.lei@new.example"),
  expires: Date.UTC(2026, 11, 6, 18),
  moveId: "",
} as unknown as Invitation;

/** The made-up program's invitations. The text "invitation" is one, "result" is a result. */
export function fakeGuests(world: FakeWorld): Client["guests"] {
  let open: Invitation | undefined;
  let states: InviteState[] = [];
  const opened = (text: string) => {
    if (text.includes("invitation")) {
      open = { ...invitation };
      return { invitation: open };
    }
    throw new AppError(problem("invalid", {}, "invite-unreadable"));
  };
  return {
    fingerprint: async () => invitation.fingerprint,
    make: async (order) => {
      const { mailboxes } = world.find(order.moveId).wire;
      const chosen = mailboxes.filter((m) => order.mailboxIds.includes(m.id));
      for (const m of chosen) m.self = true;
      states = chosen.map((m) => ({
        mailboxId: m.id,
        made: Date.UTC(2026, 10, 22),
        expires: Date.UTC(2036, 10, 22),
        taken: 0,
        ended: 0,
      }));
      return {
        folder: order.files ? "/home/li/invitations" : "",
        fingerprint: invitation.fingerprint,
        expires: Date.UTC(2026, 11, 6, 18),
        texts: chosen.map((m) => ({
          mailboxId: m.id,
          label: m.label,
          address: m.from.user,
          file: `${m.label}.mailroom`,
          text: "-----BEGIN MAILROOM-----\n…\n-----END MAILROOM-----",
        })),
      };
    },
    states: async () => states,
    stop: async (moveId, mailboxId) => {
      const { mailboxes } = world.find(moveId).wire;
      for (const m of mailboxes) if (m.id === mailboxId) m.self = false;
      return world.get(moveId);
    },
    pick: async () => world.picked,
    openFile: async (path) => opened(path),
    openText: async (text) => opened(text),
    current: async () => ({ file: "", ...(open && { invitation: open }) }),
    leave: async () => {
      open = undefined;
    },
    begin: async (_, fromSecret, toSecret) => {
      if (!open) throw new AppError(problem("not_found"));
      const mailbox = {
        label: open.person,
        from: { ...open.from, secret: fromSecret },
        to: { ...open.to, secret: toSecret },
      };
      const draft = { name: open.person, mailboxes: [mailbox], options: usualOptions };
      const move = world.create(draft as MoveDraftInput);
      open = { ...open, moveId: move.id };
      return world.to(move.id, "running");
    },
    saveResult: async () => "/home/li/result.mailroom",
    resultText: async () => "-----BEGIN MAILROOM-----",
  };
}
