import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seeker } from "@/components/office/matching";

interface Person {
  text: string;
  found: string[];
  missed: string[];
}

// The program's own test reads the same file.
const file = `${process.cwd()}/../backend/office/naming/testdata/matches.json`;
const { people } = JSON.parse(readFileSync(file, "utf8")) as { people: Person[] };

const seek = seeker(people.map((p) => p.text));

describe("searching for people in the page", () => {
  it.each(people.map((p, i) => ({ ...p, i })))("finds $text as the program does", ({ i, found, missed }) => {
    expect(found.filter((typed) => seek(typed)[i] !== 1)).toEqual([]);
    expect(missed.filter((typed) => seek(typed)[i] !== 0)).toEqual([]);
  });

  it("finds nobody in no texts, and nothing that reaches from one into the next", () => {
    expect([...seeker([])("a")]).toEqual([]);
    expect([...seeker(["ab", "ba", ""])("abba")]).toEqual([0, 0, 0]);
    expect([...seeker(["ab", "ba", ""])("a b")]).toEqual([1, 1, 0]);
  });
});
