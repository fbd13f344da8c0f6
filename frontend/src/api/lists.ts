import { call } from "@/api/call";
import type { ChangePlan } from "@/api/offices";
import type { ListFormat, Plain } from "@/api/types";
import * as Joiner from "../../wailsjs/go/api/Joiner";
import * as Lists from "../../wailsjs/go/api/Lists";
import type { api } from "../../wailsjs/go/models";

export type FileSource = Plain<api.FileSource>;
export type FileProblem = Plain<api.FileProblem>;
export type ListFile = Plain<api.ListFile>;
export type ListFileRow = Plain<api.ListFileRow>;
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
  joiner: {
    /** What mail programs enter; no servers where they are not known. */
    settings(office: string): Promise<JoinerSettings>;
    /** Writes one person's card into a folder; "" if the person changed their mind. */
    saveCard(office: string, name: string, address: string): Promise<string>;
    saveLetter(letter: JoinerLetter): Promise<string>;
  };
}

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
    joiner: {
      settings: (office) => call(() => Joiner.Settings(office)),
      saveCard: (office, name, address) => call(() => Joiner.SaveCard(office, name, address), unlimited),
      saveLetter: (letter) => call(() => Joiner.SaveLetter(letter), unlimited),
    },
  };
}
