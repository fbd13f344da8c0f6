import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/useFormat";

/** A zone for people: in words where it has some, and by its name. */
export function useZoneName(): (name: string) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (name) => {
    const words = format.zone(name);
    const zone = name.replaceAll("_", " ");
    return words ? t("recordsPage.zone.named", { words, zone }) : zone;
  };
}
