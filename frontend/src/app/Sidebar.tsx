import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { pageAt, pages } from "@/app/pages";
import { Logo } from "@/components/Logo";

export function Sidebar() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const here = pageAt(location);
  return (
    <aside className="sidebar">
      <div className="brand">
        <Logo />
        <span>
          <strong>{t("app.name")}</strong>
          <small>{t("app.otherName")}</small>
        </span>
      </div>
      <nav aria-label={t("nav.label")}>
        <ul className="nav">
          {pages.map((page) => (
            <li key={page.id} className={page.id === "settings" ? "nav-apart" : undefined}>
              <Link
                href={page.path}
                className="nav-item"
                aria-current={page.id === here ? "page" : undefined}
              >
                <span className="nav-icon" aria-hidden>
                  {page.icon}
                </span>
                {t(`nav.${page.id}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </aside>
  );
}
