import { call } from "@/api/call";
import type { ChangePlan } from "@/api/offices";
import type { LanguageChoice, ListFormat, Plain } from "@/api/types";
import * as Intake from "../../wailsjs/go/api/Intake";
import * as Staff from "../../wailsjs/go/api/Staff";
import type { api } from "../../wailsjs/go/models";

export type IntakeSource = Plain<api.IntakeSource>;
export type IntakeResult = Plain<api.IntakeResult>;
export type IntakeThere = Plain<api.IntakeThere>;
export type IntakePerson = Plain<api.IntakePerson>;
export type IntakeProblem = Plain<api.IntakeProblem>;
export type AddressProposal = Plain<api.AddressProposal>;
export type PasswordCheck = Plain<api.PasswordCheck>;
export type SavedRows = Plain<api.SavedRows>;
export type RunPaper = Plain<api.RunPaper>;

/** What the pages about people ask of the program beside reading and changing an office. */
export interface StaffClient {
  intake: {
    /** The path of a list, or "" if the person changed their mind. */
    pick(): Promise<string>;
    saveTemplate(office: string, language: LanguageChoice, format: ListFormat): Promise<string>;
    read(office: string, source: IntakeSource): Promise<IntakeResult>;
    preview(requestId: string, office: string, source: IntakeSource): Promise<ChangePlan>;
  };
  staff: {
    propose(office: string, name: string, umlaut: string): Promise<AddressProposal[]>;
    checkPassword(office: string, password: string, address: string): Promise<PasswordCheck>;
    makePassword(office: string, address: string): Promise<PasswordCheck>;
    /** The path, or "" if the person changed their mind. */
    saveRows(table: SavedRows, format: ListFormat): Promise<string>;
    saveRun(paper: RunPaper): Promise<string>;
  };
}

type First<F> = F extends (a: infer A, ...rest: never[]) => unknown ? A : never;
type Second<F> = F extends (a: never, b: infer B, ...rest: never[]) => unknown ? B : never;
type Third<F> = F extends (a: never, b: never, c: infer C, ...rest: never[]) => unknown ? C : never;

/** Calls that wait for a person, or read all that there is, have no limit. */
const unlimited = 0;
const minutes = 60_000;

export function realStaff(): StaffClient {
  return {
    intake: {
      pick: () => call(() => Intake.Pick(), unlimited),
      saveTemplate: (office, language, format) =>
        call(
          () =>
            Intake.SaveTemplate(
              office,
              language as Second<typeof Intake.SaveTemplate>,
              format as Third<typeof Intake.SaveTemplate>,
            ),
          unlimited,
        ),
      read: (office, source) =>
        call(() => Intake.Read(office, source as Second<typeof Intake.Read>), 2 * minutes),
      preview: (requestId, office, source) =>
        call(() => Intake.Preview(requestId, office, source as Third<typeof Intake.Preview>), unlimited),
    },
    staff: {
      propose: (office, name, umlaut) => call(() => Staff.Propose(office, name, umlaut)),
      checkPassword: (office, password, address) =>
        call(() => Staff.CheckPassword(office, password, address)),
      makePassword: (office, address) => call(() => Staff.MakePassword(office, address)),
      saveRows: (table, format) =>
        call(() => Staff.SaveRows(table, format as Second<typeof Staff.SaveRows>), unlimited),
      saveRun: (paper) => call(() => Staff.SaveRun(paper as First<typeof Staff.SaveRun>), unlimited),
    },
  };
}
