import { useTranslation } from "react-i18next";
import type { ChangeDiff } from "@/api/offices";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

interface DiffText {
  name: string;
  before: string;
  after: string;
}

/** What has a name, but not that of a person; the kind of a change begins with what is changed. */
const things = /^(department|list|contactGroup|tag)\b/;

/** One value of something before and after, in words; of is the kind of the change, or what is changed. */
export function useDiffText(): (d: ChangeDiff, of?: string) => DiffText {
  const { t } = useTranslation();
  const code = useCodeText();
  const format = useFormat();
  const one = (attr: string, value: string): string => {
    switch (attr) {
      case "status":
        return code("personStatus", value);
      case "mailRights":
      case "policy":
      case "gender":
        return code(attr, value);
      case "parent":
        return value === "/" || value === "" ? t("dept.all") : value;
      case "quota":
        return value === "0"
          ? t("value.unlimited")
          : value === "-1"
            ? t("value.unknown")
            : format.bytes(Number(value));
      case "expires":
        return Number.isNaN(Date.parse(value)) ? value : format.day(Date.parse(value));
      case "hidden":
      case "mustChange":
      case "off":
      case "signIn":
        return code("value", value);
      default:
        return value;
    }
  };
  const all = (attr: string, values: string[]) =>
    values.length === 0 ? t("value.none") : values.map((v) => one(attr, v)).join(t("list.comma"));
  return (d, of = "") => {
    const part =
      d.part === ""
        ? ""
        : ` · ${d.part === "keep" ? t("staff.form.forwardKeep") : code(d.attr === "heir" ? "keep" : "way", d.part)}`;
    const values = (list: string[]) =>
      d.part === "keep" ? list.map((v) => code("value", v)).join("") || t("value.none") : all(d.attr, list);
    return {
      name: (d.attr === "name" && things.test(of) ? t("lists.name") : code("attr", d.attr)) + part,
      before: d.secret ? "" : d.untold ? t("value.unknown") : values(d.before),
      after: d.secret ? t("value.secret") : values(d.after),
    };
  };
}
