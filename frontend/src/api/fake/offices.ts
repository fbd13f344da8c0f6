import { AppError, problem } from "@/api/errors";
import type { DirectorySnapshot, OfficesClient } from "@/api/offices";

/** A program without any office: pages bring their own answers over these. */
export function fakeOffices(): OfficesClient {
  const none = async (): Promise<never> => {
    throw new AppError(problem("not_found"));
  };
  return {
    offices: {
      makers: async () => [],
      list: async () => [],
      recognise: async (_requestId, domain) => ({
        domain,
        preset: "",
        provider: "",
        certainty: "guess",
        offline: false,
      }),
      test: none,
      connect: none,
      connectPractice: none,
      setReadOnly: none,
      setCurrent: none,
      remove: none,
      capabilities: none,
      domainRecords: none,
      checkDomain: none,
    },
    directory: {
      snapshot: async (officeId) => emptyDirectory(officeId),
      state: async (officeId) => ({
        office: officeId,
        seq: 1,
        refreshed: 0,
        refreshing: false,
        read: 0,
        began: 0,
        people: 0,
        departments: 0,
        lists: 0,
        unseen: 0,
      }),
      search: async () => ({ seq: 1, ids: [] }),
      searchIndex: async () => ({ seq: 1, texts: [] }),
      refresh: none,
      person: none,
      list: none,
      news: async () => [],
      seeNews: async () => undefined,
      openMailbox: none,
      unread: none,
    },
    changes: {
      preview: none,
      apply: none,
      stop: none,
      resume: none,
      undo: none,
      list: async () => [],
      results: none,
    },
  };
}

export function emptyDirectory(officeId: string): DirectorySnapshot {
  return {
    office: officeId,
    seq: 1,
    refreshed: 0,
    refreshing: false,
    domains: [],
    people: [],
    departments: [],
    lists: [],
    contacts: [],
    groups: [],
    tags: [],
  };
}
