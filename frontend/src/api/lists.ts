import { call } from "@/api/call";
import type { ChangePlan } from "@/api/offices";
import type { LanguageChoice, ListFormat, Plain } from "@/api/types";
import * as Contacts from "../../wailsjs/go/api/Contacts";
import * as Joiner from "../../wailsjs/go/api/Joiner";
import * as Lists from "../../wailsjs/go/api/Lists";
import type { api } from "../../wailsjs/go/models";

export type FileSource = Plain<api.FileSource>;
export type FileProblem = Plain<api.FileProblem>;
export type ListFile = Plain<api.ListFile>;
export type ListFileRow = Plain<api.ListFileRow>;
export type ContactSource = Omit<Plain<api.ContactSource>, "existing"> & { existing: "leave" | "update" };
export type ContactFile = Plain<api.ContactFile>;
export type ContactFileRow = Plain<api.ContactFileRow>;
export type ContactFormat = "vcard3" | "vcard4" | "csv" | "xlsx";
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
  contacts: {
    /** The path of a file, or "" if the person changed their mind. */
    pick(): Promise<string>;
    /** Checks a file contact by contact; nothing is changed. */
    read(office: string, source: ContactSource): Promise<ContactFile>;
    preview(requestId: string, office: string, source: ContactSource): Promise<ChangePlan>;
    /** Writes a group, "" all; the path, or "" if the person changed their mind. */
    save(office: string, group: string, format: ContactFormat): Promise<string>;
    saveTemplate(language: LanguageChoice, format: ContactFormat): Promise<string>;
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
    contacts: {
      pick: () => call(() => Contacts.Pick(), unlimited),
      read: (office, source) =>
        call(() => Contacts.Read(office, source as Second<typeof Contacts.Read>), unlimited),
      preview: (requestId, office, source) =>
        call(() => Contacts.Preview(requestId, office, source as Third<typeof Contacts.Preview>), unlimited),
      save: (office, group, format) =>
        call(() => Contacts.Save(office, group, format as Third<typeof Contacts.Save>), unlimited),
      saveTemplate: (language, format) =>
        call(
          () =>
            Contacts.SaveTemplate(
              language as First<typeof Contacts.SaveTemplate>,
              format as Second<typeof Contacts.SaveTemplate>,
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
