import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { matcher } from "@/components/office/matching";

interface Person {
  text: string;
  found: string[];
  missed: string[];
}

// The program's own test reads the same file.
const file = `${process.cwd()}/../backend/office/naming/testdata/matches.json`;
const { people } = JSON.parse(readFileSync(file, "utf8")) as { people: Person[] };

describe("searching for people in the page", () => {
  it.each(people)("finds $text as the program does", ({ text, found, missed }) => {
    expect(found.filter((typed) => !matcher(typed)(text))).toEqual([]);
    expect(missed.filter((typed) => matcher(typed)(text))).toEqual([]);
  });
});
