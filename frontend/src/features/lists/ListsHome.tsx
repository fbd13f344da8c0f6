import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import type { OfficeInfo } from "@/api/offices";
import { NoOffice } from "@/components/office/NoOffice";
import { useOffice } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { VaultGate } from "@/components/vault/VaultGate";
import { BookPage } from "@/features/lists/book/BookPage";
import { ImportBook } from "@/features/lists/book/ImportBook";
import { Visibility } from "@/features/lists/book/Visibility";
import { ImportLists } from "@/features/lists/ImportLists";
import { MailingLists } from "@/features/lists/ListsPage";

const sections = [
  { id: "lists", path: "/lists" },
  { id: "book", path: "/lists/book" },
  { id: "visible", path: "/lists/visible" },
] as const;
const named = new Set<string>(sections.map((s) => s.id));

/** Mailing lists and the address book. */
export function ListsHome() {
  const { t } = useTranslation();
  const office = useOffice();
  const [location] = useLocation();
  const here = location.split("/")[2] ?? "";
  if (office === undefined) return null;
  const section = named.has(here) ? here : "lists";
  return (
    <VaultGate>
      <div className={`page wide lists-page${section === "lists" && here !== "import" ? " fills" : ""}`}>
        <PageHeader title={t("nav.lists")} lead={t("lists.lead")} />
        {office === null && <NoOffice />}
        {office && (
          <>
            <div className="section-nav" role="group" aria-label={t("lists.sections")}>
              {sections.map((s) => (
                <Link
                  key={s.id}
                  href={s.path}
                  className="section-link"
                  aria-current={s.id === section ? "page" : undefined}
                >
                  {t(`lists.section.${s.id}`)}
                </Link>
              ))}
            </div>
            <Content key={office.id} office={office} here={here} rest={location.split("/")[3] ?? ""} />
          </>
        )}
      </div>
    </VaultGate>
  );
}

function Content({ office, here, rest }: { office: OfficeInfo; here: string; rest: string }) {
  switch (here) {
    case "import":
      return <ImportLists office={office} />;
    case "book":
      return rest === "import" ? <ImportBook office={office} /> : <BookPage office={office} />;
    case "visible":
      return <Visibility office={office} />;
    case "new":
      return <MailingLists office={office} fresh={rest} />;
    default:
      return <MailingLists office={office} />;
  }
}
