/**
 * The page's names for the program's wire types. The generator writes closed sets
 * as TypeScript enums; here they are plain unions of their values.
 */
import type { api } from "../../wailsjs/go/models";

export type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer U)[]
      ? Plain<U>[]
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T;

export type ErrorCode = `${api.ErrorCode}`;
export type EndpointKind = `${api.EndpointKind}`;
export type Security = `${api.Security}`;
export type AuthMethod = `${api.AuthMethod}`;
export type SignInVendor = `${api.SignInVendor}`;
export type MoveState = `${api.MoveState}`;
export type MailboxState = `${api.MailboxState}`;
export type Phase = `${api.Phase}`;
export type FolderRole = `${api.FolderRole}`;
export type ListFormat = `${api.ListFormat}`;
export type VerifyLevel = `${api.VerifyLevel}`;
export type ThemeChoice = `${api.Theme}`;
export type LanguageChoice = `${api.Language}`;
export type CertificateFormat = `${api.CertificateFormat}`;
export type PaperLanguage = `${api.PaperLanguage}`;

export type AppInfo = Plain<api.AppInfo>;
export type AuditCheck = Plain<api.AuditCheck>;
export type AuditEntry = Plain<api.AuditEntry>;
export type AuditPage = Plain<api.AuditPage>;
export type AuditQuery = Plain<api.AuditQuery>;
export type CardOrder = Plain<api.CardOrder>;
export type CardPlan = Plain<api.CardPlan>;
export type CertificateFact = Plain<api.CertificateFact>;
export type CertificateOrder = Plain<api.CertificateOrder>;
export type CertificateSaved = Plain<api.CertificateSaved>;
export type Counts = Plain<api.Counts>;
export type Difference = Plain<api.Difference>;
export type Endpoint = Plain<api.Endpoint>;
export type Events = Plain<api.Events>;
export type ExplainedCause = Plain<api.ExplainedCause>;
export type ExplainedMail = Plain<api.ExplainedMail>;
export type Explanation = Plain<api.Explanation>;
export type FoundCandidate = Plain<api.FoundCandidate>;
export type FoundProvider = Plain<api.FoundProvider>;
export type FolderChoice = Plain<api.FolderChoice>;
export type CurrentInvitation = Plain<api.CurrentInvitation>;
export type Invitation = Plain<api.Invitation>;
export type InviteOrder = Plain<api.InviteOrder>;
export type InvitesMade = Plain<api.InvitesMade>;
export type InviteState = Plain<api.InviteState>;
export type InviteText = Plain<api.InviteText>;
export type LeftMessage = Plain<api.LeftMessage>;
export type LeftPage = Plain<api.LeftPage>;
export type MailboxInput = Plain<api.MailboxInput>;
export type MailboxMove = Plain<api.MailboxMove>;
export type MailboxProgress = Plain<api.MailboxProgress>;
export type Move = Plain<api.Move>;
export type MoveCan = Plain<api.MoveCan>;
export type MoveDraftInput = Plain<api.MoveDraftInput>;
export type MoveEvent = Plain<api.MoveEvent>;
export type MoveForecast = Plain<api.MoveForecast>;
export type MoveRepeat = Plain<api.MoveRepeat>;
export type MoveSchedule = Plain<api.MoveSchedule>;
export type MoveEstimate = Plain<api.MoveEstimate>;
export type MoveFolder = Plain<api.MoveFolder>;
export type MoveOptions = Plain<api.MoveOptions>;
export type MoveProgress = Plain<api.MoveProgress>;
export type OpenedFile = Plain<api.OpenedFile>;
export type PapersProgress = Plain<api.PapersProgress>;
export type PeopleList = Plain<api.PeopleList>;
export type PersonRow = Plain<api.PersonRow>;
export type PracticeOffice = Plain<api.PracticeOffice>;
export type PracticePerson = Plain<api.PracticePerson>;
export type Problem = Plain<api.Problem>;
export type MailServer = Plain<api.MailServer>;
export type ProviderInfo = Plain<api.ProviderInfo>;
export type ProviderStep = Plain<api.ProviderStep>;
export type ResultTaken = Plain<api.ResultTaken>;
export type RowProblem = Plain<api.RowProblem>;
export type Settings = Plain<api.Settings>;
export type KeyFile = Plain<api.KeyFile>;
export type SealCheck = Plain<api.SealCheck>;
export type SignInApp = Plain<api.SignInApp>;
export type SignInAppInput = Plain<api.SignInAppInput>;
export type SignInStep = Plain<api.SignInStep>;
export type SignedIn = Plain<api.SignedIn>;
export type SignInResult = Plain<api.SignInResult>;
export type Startup = Plain<api.Startup>;
export type DNSRecord = Plain<api.DNSRecord>;
export type Switch = Plain<api.Switch>;
export type SwitchInput = Plain<api.SwitchInput>;
export type SwitchStep = Plain<api.SwitchStep>;
export type Trouble = Plain<api.Trouble>;
export type UndoOrder = Plain<api.UndoOrder>;
export type UndoPreview = Plain<api.UndoPreview>;
export type VaultStatus = Plain<api.VaultStatus>;
export type CheckedRow = Plain<api.CheckedRow>;
export type DraftHead = Plain<api.DraftHead>;
export type FolderGroup = Plain<api.FolderGroup>;
export type FolderRule = Plain<api.FolderRule>;
export type PeopleCheck = Plain<api.PeopleCheck>;
export type PeopleSource = Plain<api.PeopleSource>;
export type RowFinding = Plain<api.RowFinding>;
export type SavedTable = Plain<api.SavedTable>;
export type WizardDraft = Plain<api.WizardDraft>;
