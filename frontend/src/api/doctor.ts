import { call } from "@/api/call";
import type { Plain } from "@/api/types";
import * as Readers from "../../wailsjs/go/api/Readers";
import type { api } from "../../wailsjs/go/models";
import { OnFileDrop, OnFileDropOff } from "../../wailsjs/runtime/runtime";

export type MailInput = Plain<api.MailInput>;
export type BounceReport = Plain<api.BounceReport>;
export type BounceRecipient = Plain<api.BounceRecipient>;
export type HeaderReport = Plain<api.HeaderReport>;
export type HeaderGround = Plain<api.HeaderGround>;
export type HeaderHop = Plain<api.HeaderHop>;
export type HeaderMark = Plain<api.HeaderMark>;
export type HeaderSignature = Plain<api.HeaderSignature>;
export type AuthResult = Plain<api.HeaderReport>["spf"];

/** What the doctor's pages ask of the program, beside the examination itself. */
export interface DoctorClient {
  readers: {
    /** The path of a saved mail, or "" if the person changed their mind. */
    pickMail(): Promise<string>;
    bounce(input: MailInput): Promise<BounceReport>;
    header(requestId: string, input: MailInput): Promise<HeaderReport>;
    /** Files that are dropped on the window; call the result to stop. */
    onFiles(listener: (paths: string[]) => void): () => void;
  };
}

/** Calls that wait for a person have no limit. */
const untilAnswered = 0;

export function realDoctor(): DoctorClient {
  return {
    readers: {
      pickMail: () => call(() => Readers.PickMail(), untilAnswered),
      bounce: (input) => call(() => Readers.ReadBounce(input)),
      header: (requestId, input) => call(() => Readers.ReadHeader(requestId, input)),
      onFiles: (listener) => {
        OnFileDrop((_x, _y, paths) => listener(paths), false);
        return () => OnFileDropOff();
      },
    },
  };
}
