import type { MoveOptions, MoveRepeat, MoveSchedule } from "@/api/types";

const noRepeat: MoveRepeat = { hours: 0, at: 0 };

export const atOnce: MoveSchedule = {
  mode: "now",
  at: 0,
  zone: "",
  from: 0,
  to: 0,
  days: [],
  slow: 0,
  bytesPerDay: 0,
};

/** What a move does unless the person chooses otherwise. */
export const usualOptions: MoveOptions = {
  verify: "fingerprint",
  parallel: 0,
  connections: 0,
  bytesPerSecond: 0,
  bytesPerDay: 0,
  excludeDeleted: false,
  since: "",
  before: "",
  exclude: [],
  schedule: atOnce,
  repeat: noRepeat,
  include: [],
  folderRules: [],
};
