import { AppError, problem } from "@/api/errors";
import type { ListsClient } from "@/api/lists";

/** Lists of a program without an office. */
export function fakeLists(): ListsClient {
  const none = async (): Promise<never> => {
    throw new AppError(problem("not_found"));
  };
  return {
    lists: {
      pick: async () => "",
      read: none,
      preview: none,
      save: async (_id, _office, format) => `/home/li/lists.${format}`,
    },
    contacts: {
      pick: async () => "",
      read: none,
      preview: none,
      save: async (_office, _group, format) => `/home/li/contacts.${format}`,
      saveTemplate: async (_language, format) => `/home/li/contacts.${format}`,
    },
    joiner: {
      settings: async () => ({ servers: [], webMail: "" }),
      saveCard: none,
      saveLetter: async (letter) => `/home/li/welcome.${letter.eml ? "eml" : "txt"}`,
    },
  };
}
