import "i18next";
import type { en } from "@/i18n/locales";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
    returnNull: false;
    contextSeparator: "|";
  }
}
