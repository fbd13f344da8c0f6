import { renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { problem } from "@/api/errors";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { i18n } from "@/i18n";

describe("trouble with an office's provider", () => {
  beforeEach(async () => {
    await i18n.changeLanguage("en");
  });
  const say = () => renderHook(() => useOfficeTrouble()).result.current;

  it("speaks of keys, not of passwords and messages", () => {
    for (const code of ["unauthenticated", "rejected", "forbidden"] as const) {
      const text = say()(problem(code, {}));
      expect(`${text.what} ${text.why}`).not.toMatch(/password|message|mailbox/);
      expect(oneSentence(text)).toBe(text.what);
    }
  });

  it("says the reason where the adapter told it, and what to do", () => {
    const text = say()(problem("forbidden", { reason: "ip" }));
    expect(text.what).toMatch(/keys are right/);
    expect(oneSentence(text)).toMatch(/IP addresses.*console/);
  });

  it("falls back to the usual words", () => {
    expect(say()(problem("canceled", {})).what).not.toBe("");
    expect(say()(problem("invalid", { reason: "unheard_of" })).todo).not.toBe("");
  });
});
