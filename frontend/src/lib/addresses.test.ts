import { describe, expect, it } from "vitest";
import { readAddresses } from "@/lib/addresses";

describe("addresses as people paste them", () => {
  it("are found whatever stands between them", () => {
    expect(
      readAddresses(
        '"Li, Ming" <LI@office.example>; b@shop.example，c@shop.example、mailto:d@shop.example\nb@shop.example',
      ),
    ).toEqual({
      good: ["li@office.example", "b@shop.example", "c@shop.example", "d@shop.example"],
      bad: [],
    });
  });

  it("that are none are told", () => {
    expect(readAddresses("x@y a@b..example @c.example d@e.example.").bad).toEqual([
      "x@y",
      "a@b..example",
      "@c.example",
      "d@e.example.",
    ]);
  });
});
