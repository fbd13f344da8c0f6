import { describe, expect, it } from "vitest";
import { makeFormatter, percentOf } from "@/lib/format";

describe("sizes, numbers and durations", () => {
  const en = makeFormatter("en");
  const zh = makeFormatter("zh-CN");

  it("are readable in both languages", () => {
    expect(en.number(12345)).toBe("12,345");
    expect(en.bytes(0)).toBe("0 B");
    expect(en.bytes(1536)).toBe("1.5 KB");
    expect(zh.bytes(143 * 1024 * 1024)).toBe("143 MB");
    expect(en.duration(45)).toBe("45 seconds");
    expect(zh.duration(45)).toBe("45 秒");
    expect(zh.duration(120)).toBe("2 分钟");
    expect(en.duration(3 * 3600 + 5 * 60)).toBe("3 hours 5 minutes");
    expect(zh.duration(3 * 3600 + 5 * 60)).toBe("3 小时 5 分钟");
  });

  it("never say 100 % before everything is done", () => {
    expect(percentOf(9999, 10000)).toBe(99);
    expect(percentOf(10000, 10000)).toBe(100);
    expect(percentOf(0, 0)).toBe(100);
  });

  it("never call 59.6 minutes sixty minutes short of an hour wrongly", () => {
    expect(en.duration(59.6 * 60)).toBe("1 hour");
  });
});

describe("moments in a zone", () => {
  it("are told by the zone's clock, whatever the computer's is", () => {
    const before = Date.UTC(2026, 9, 31, 16, 0);
    const shanghai = makeFormatter("en", "Asia/Shanghai");
    expect(shanghai.dayName(before)).toBe("2026-11-01");
    expect(shanghai.midnight(before)).toBe(true);
    expect(makeFormatter("en", "America/New_York").dayName(before)).toBe("2026-10-31");
    expect(makeFormatter("zh-CN", "Mars/Olympus").dayName(before)).toBe("2026-10-31");
  });

  it("have a zone that people know by name, where it has one", () => {
    expect(makeFormatter("zh-CN").zone("Asia/Shanghai")).toBe("中国标准时间");
    expect(makeFormatter("en").zone("Asia/Tokyo")).toBe("Japan Standard Time");
    for (const name of ["UTC", "+08:00", "Mars/Olympus", ""]) expect(makeFormatter("en").zone(name)).toBe("");
  });
});
