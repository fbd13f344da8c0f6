import { useTranslation } from "react-i18next";
import type { RecordNews } from "@/api/records";
import { officeTitle } from "@/components/office/officeTitle";
import { sentenceOf } from "@/features/records/unusual/sentence";
import { examine } from "@/lib/examine";
import { makeFormatter } from "@/lib/format";
import { useFormat } from "@/lib/useFormat";
import { useText } from "@/lib/useText";

interface Said {
  title: string;
  text: string;
  /** What can be done, the usual last. */
  acts: { act: "look" | "archive" | "choose" | "examine"; path: string }[];
}

/** How many findings a notice tells in words. */
const most = 3;

/** What a piece of news says and where it leads. */
export function useNewsText(): (n: RecordNews) => Said {
  const { t, i18n } = useTranslation();
  const text = useText();
  const { month } = useFormat();
  return (n) => {
    const office = officeTitle(t, n);
    if (n.kind === "report") {
      return {
        title: t("recordsPage.news.report", { office, month: month(n.months[0] ?? "") }),
        text: t("recordsPage.news.reportText"),
        acts: [{ act: "look", path: "/records/stats" }],
      };
    }
    if (n.kind === "archive") {
      const first = month(n.months[0] ?? "");
      const last = month(n.months.at(-1) ?? "");
      return {
        title: t("recordsPage.news.archive", { office, count: n.months.length, from: first, to: last }),
        text:
          n.changed.length > 0
            ? t("recordsPage.news.changed", { months: n.changed.map(month).join(t("list.comma")) })
            : t("recordsPage.news.archiveText"),
        acts: [
          n.folder
            ? { act: "archive", path: "/records/archive/now" }
            : { act: "choose", path: "/records/archive" },
        ],
      };
    }
    const format = makeFormatter(i18n.language, n.zone); // as the page of records tells them
    const telling = { text, format, who: (address: string) => address, moment: format.moment };
    const newest = [...n.unusual].reverse();
    const said = newest.slice(0, most).map((f) => sentenceOf(f, telling));
    const rest = newest.length - said.length;
    if (rest > 0) said.push(t("recordsPage.news.more", { count: rest }));
    const stopped = newest.some((f) => f.rule === "few_mails");
    return {
      title: t("recordsPage.news.unusual", { office, count: newest.length }),
      text: said.join(" "),
      acts: [
        ...(stopped ? [{ act: "examine" as const, path: examine(n.domain) }] : []),
        { act: "look", path: "/records/unusual" },
      ],
    };
  };
}
