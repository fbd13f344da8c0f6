import { afterEach, describe, expect, it, vi } from "vitest";
import { call } from "@/api/call";
import { AppError } from "@/api/errors";

afterEach(() => vi.useRealTimers());

async function refusal(ask: () => Promise<unknown>, limit?: number): Promise<AppError> {
  const e = await call(ask, limit).then(
    () => undefined,
    (x: unknown) => x,
  );
  expect(e).toBeInstanceOf(AppError);
  return e as AppError;
}

describe("a call of the program", () => {
  it("reads the problem out of an Error and out of bare text", async () => {
    const text = '{"code":"unreachable","class":"","args":{"host":"imap.old.example"},"server":""}';
    for (const thrown of [new Error(text), text]) {
      const e = await refusal(() => Promise.reject(thrown));
      expect(e.code).toBe("unreachable");
      expect(e.problem.args.host).toBe("imap.old.example");
    }
  });

  it("makes anything else an internal error", async () => {
    for (const thrown of ["{broken", new Error("[object Object]"), '{"no":"code"}', 7]) {
      expect((await refusal(() => Promise.reject(thrown))).code).toBe("internal");
    }
    expect(
      (
        await refusal(() => {
          throw new TypeError("window.go is undefined");
        })
      ).code,
    ).toBe("internal");
  });

  it("does not wait for ever", async () => {
    vi.useFakeTimers();
    const pending = refusal(() => new Promise(() => undefined), 1000);
    await vi.advanceTimersByTimeAsync(1001);
    expect((await pending).code).toBe("timeout");
  });
});
