import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { OfficeInfo } from "@/api/offices";
import type { RecordRow } from "@/api/records";
import { type RecordText, toneOf } from "@/components/records/useRecordText";
import { RecordDrawer } from "@/features/records/search/RecordDrawer";
import { layOut, readable, returnedPage } from "@/lib/returned";

interface Props {
  rows: RecordRow[];
  text: RecordText;
  office: OfficeInfo;
  shelf: string;
  /** At the front desk nothing leads away from the box. */
  desk?: boolean;
}

const shownAtFirst = 12;

/** The evidence in its order; of many only the newest at first. */
export function TimeLine({ rows, text, office, shelf, desk }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState("");
  const shown = all ? rows : rows.slice(-shownAtFirst);
  return (
    <>
      {shown.length < rows.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {t("recordsPage.lookup.earlier", { count: rows.length - shown.length })}
        </button>
      )}
      <ol className="trail">
        {shown.map((r) => (
          <li key={r.id} className={`trail-item trail-${toneOf(r.outcome) || "calm"}`}>
            <span className="tabular faint">{text.day(r.at)}</span>
            <span>
              <strong>{text.kind(r.kind)}</strong> · {text.what(r)}
              {r.outcome && (
                <>
                  {" · "}
                  <span className={toneOf(r.outcome)}>{text.outcome(r.outcome)}</span>
                </>
              )}
              <small className="faint trail-more">
                {[text.parties(r), r.ip, text.times(r), r.said].filter(Boolean).join(" · ")}
                {!desk && wentWrong(r) && readable(r.said) && (
                  <>
                    {" "}
                    <Link href={returnedPage} onClick={() => layOut(r.said)}>
                      {t("recordsPage.go.explain")}
                    </Link>
                  </>
                )}
              </small>
            </span>
            <button
              type="button"
              className="link"
              onClick={() => setOpen(r.id)}
              aria-label={`${t("recordsPage.details")} · ${text.moment(r.at)} · ${text.what(r)}`}
            >
              {t("recordsPage.details")}
            </button>
          </li>
        ))}
      </ol>
      {open && <RecordDrawer office={office} shelf={shelf} id={open} onClose={() => setOpen("")} />}
    </>
  );
}

/** Only what went wrong is to be explained: the words of a delivery hold numbers as well. */
function wentWrong(r: RecordRow): boolean {
  const tone = toneOf(r.outcome);
  return (r.kind === "sent" || r.kind === "received") && (tone === "bad" || tone === "warn");
}
