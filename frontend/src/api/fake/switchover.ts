import type { Client } from "@/api/client";
import { AppError, problem } from "@/api/errors";
import type { Switch, SwitchStep } from "@/api/types";

type StepId = SwitchStep["id"];

const order: StepId[] = [
  "people",
  "left",
  "spf",
  "ttl",
  "dkim",
  "delta",
  "mx",
  "spread",
  "clients",
  "dmarc",
  "after",
  "spf_old",
  "ttl_back",
  "cancel",
];

/** Steps of the made-up switch: all to do, but for those that are told otherwise. */
export function fakeSteps(told: Partial<Record<StepId, Partial<SwitchStep>>> = {}): SwitchStep[] {
  return order.map((id) => ({
    id,
    state: "unknown",
    who: "dns",
    stands: [],
    should: [],
    advice: false,
    facts: {},
    ...told[id],
  }));
}

/** The switch of the made-up world: what is looked up is what was put in. */
export class FakeSwitches {
  state: Switch = {
    moveId: "",
    domain: "old.example",
    from: "old",
    to: "",
    selector: "",
    fixedKey: false,
    checked: 0,
    error: "" as Switch["error"],
    steps: fakeSteps(),
    views: [],
    resolvers: ["192.0.2.53"],
    switchedAt: 0,
    spreadAt: 0,
    watchEnded: 0,
    oldEnded: 0,
    leftBehind: 0,
    mayEnd: "not_spread",
    mayCancel: "watch",
  };
  /** What the next look finds. */
  next: Partial<Switch> = {};

  client(): Client["switches"] {
    const change = (part: Partial<Switch>) => {
      this.state = { ...this.state, ...part };
      return structuredClone(this.state);
    };
    return {
      get: async (moveId) => change({ moveId }),
      set: async (_, input) => {
        if (!input.domain.includes("."))
          throw new AppError(problem("invalid", { field: "domain", reason: "malformed" }));
        return change(input);
      },
      check: async () => change({ checked: Date.UTC(2026, 10, 23, 9), ...this.next }),
      seeLeft: async () => change({}),
      endWatch: async () => change({ watchEnded: Date.UTC(2026, 10, 30) }),
      cancelOld: async () => change({ oldEnded: Date.UTC(2026, 11, 30) }),
      setResolvers: async (resolvers) => change({ resolvers }).resolvers,
    };
  }
}
