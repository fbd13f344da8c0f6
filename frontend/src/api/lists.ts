import { call } from "@/api/call";
import type { ChangePlan } from "@/api/offices";
import type { LanguageChoice, ListFormat, Plain } from "@/api/types";
import * as Book from "../../wailsjs/go/api/Book";
import * as Joiner from "../../wailsjs/go/api/Joiner";
import * as Lists from "../../wailsjs/go/api/Lists";
import type { api } from "../../wailsjs/go/models";

export type FileSource = Plain<api.FileSource>;
export type FileProblem = Plain<api.FileProblem>;
export type ListFile = Plain<api.ListFile>;
export type ListFileRow = Plain<api.ListFileRow>;
export type BookSource = Omit<Plain<api.BookSource>, "existing"> & { existing: "leave" | "update" };
export type BookFile = Plain<api.BookFile>;
export type BookFileRow = Plain<api.BookFileRow>;
export type BookFormat = "vcard3" | "vcard4" | "csv" | "xlsx";
export type JoinerSettings = Plain<api.JoinerSettings>;
export type JoinerLetter = Plain<api.JoinerLetter>;

/** What the page about mailing lists asks of the program beside reading and changing an office. */
export interface ListsClient {
  lists: {
    /** The path of a file, or "" if the person changed their mind. */
    pick(): Promise<string>;
    /** Checks a file row by row; nothing is sent. */
    read(requestId: string, office: string, source: FileSource): Promise<ListFile>;
    preview(requestId: string, office: string, source: FileSource): Promise<ChangePlan>;
    /** Writes all lists; the path, or "" if the person changed their mind. */
    save(requestId: string, office: string, format: ListFormat): Promise<string>;
  };
  book: {
    /** The path of a file, or "" if the person changed their mind. */
    pick(): Promise<string>;
    /** Checks a file contact by contact; nothing is changed. */
    read(office: string, source: BookSource): Promise<BookFile>;
    preview(requestId: string, office: string, source: BookSource): Promise<ChangePlan>;
    /** Writes a group, "" all; the path, or "" if the person changed their mind. */
    save(office: string, group: string, format: BookFormat): Promise<string>;
    saveTemplate(language: LanguageChoice, format: BookFormat): Promise<string>;
  };
  joiner: {
    /** What mail programs enter; no servers where they are not known. */
    settings(office: string): Promise<JoinerSettings>;
    /** Writes one person's card into a folder; "" if the person changed their mind. */
    saveCard(office: string, name: string, address: string): Promise<string>;
    saveLetter(letter: JoinerLetter): Promise<string>;
  };
}

type First<F> = F extends (a: infer A, ...rest: never[]) => unknown ? A : never;
type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;
type Third<F> = F extends (a: never, b: never, c: infer C, ...rest: never[]) => unknown ? C : never;

/** Calls that wait for a person, or read all that there is, have no limit. */
const unlimited = 0;

export function realLists(): ListsClient {
  return {
    lists: {
      pick: () => call(() => Lists.Pick(), unlimited),
      read: (requestId, office, source) => call(() => Lists.Read(requestId, office, source), unlimited),
      preview: (requestId, office, source) => call(() => Lists.Preview(requestId, office, source), unlimited),
      save: (requestId, office, format) =>
        call(() => Lists.Save(requestId, office, format as Third<typeof Lists.Save>), unlimited),
    },
    book: {
      pick: () => call(() => Book.Pick(), unlimited),
      read: (office, source) => call(() => Book.Read(office, source as Second<typeof Book.Read>), unlimited),
      preview: (requestId, office, source) =>
        call(() => Book.Preview(requestId, office, source as Third<typeof Book.Preview>), unlimited),
      save: (office, group, format) =>
        call(() => Book.Save(office, group, format as Third<typeof Book.Save>), unlimited),
      saveTemplate: (language, format) =>
        call(
          () =>
            Book.SaveTemplate(
              language as First<typeof Book.SaveTemplate>,
              format as Second<typeof Book.SaveTemplate>,
            ),
          unlimited,
        ),
    },
    joiner: {
      settings: (office) => call(() => Joiner.Settings(office)),
      saveCard: (office, name, address) => call(() => Joiner.SaveCard(office, name, address), unlimited),
      saveLetter: (letter) => call(() => Joiner.SaveLetter(letter), unlimited),
    },
  };
}
