import { describe, expect, it } from "vitest";
import { readDay } from "@/features/move/wizard/days";

describe("a typed day", () => {
  it.each([
    ["2024-01-31", "2024-01-31"],
    [" 2024/1/5 ", "2024-01-05"],
    ["2024年1月31日", "2024-01-31"],
    ["２０２４．１．３１", "2024-01-31"],
    ["20240229", "2024-02-29"],
    ["", ""],
  ])("%s is read", (text, day) => {
    expect(readDay(text)).toBe(day);
  });
  it.each(["2023-02-29", "31.1.2024", "2024-13-01", "0024-01-01", "yesterday", "2024"])(
    "%s is none",
    (text) => {
      expect(readDay(text)).toBeUndefined();
    },
  );
});
