import { Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { AuthMethod } from "@/api/types";
import { useSignInApps } from "@/api/useSignInApps";
import { changeDraft, type Side, type SideName, useDraft } from "@/features/move/draft";
import { noPassword } from "@/lib/password";
import { fitting, officeAuth, vendorOf } from "@/lib/vendors";

type Way = "password" | "person" | "office";

function wayOf(auth: AuthMethod): Way {
  if (auth === "oauth") return "person";
  return auth === "service" || auth === "application" ? "office" : "password";
}

/** Changes how a side signs in. A password is worth nothing as a grant, nor the other way round. */
function choose(name: SideName, change: Partial<Side>) {
  changeDraft((d) => ({
    [name]: { ...d[name], ...change },
    people: d.people.map((p) => ({
      ...p,
      [name]: { ...p[name], password: noPassword, account: undefined, test: undefined },
    })),
  }));
}

/** How mailboxes of a side are opened: passwords, everybody's browser, or the office's app. */
export function SignInWay({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const id = useId();
  const side = useDraft()[name];
  const apps = useSignInApps();
  const way = wayOf(side.auth);
  const vendor = vendorOf(side.host);
  const able = fitting(apps, side.auth, side.host);
  const chosen = apps.find((a) => a.id === side.app);
  const vendorName = t(`oauth.vendor.${chosen?.vendor ?? vendor ?? "google"}`);

  function take(next: Way) {
    if (next === "password") return choose(name, { auth: "", app: "" });
    const auth: AuthMethod = next === "person" ? "oauth" : officeAuth(vendor ?? "google");
    const first = fitting(apps, auth, side.host)[0];
    choose(name, {
      auth: next === "office" && first ? officeAuth(first.vendor) : auth,
      app: first?.id ?? "",
      master: false,
    });
  }
  function takeApp(app: string) {
    const found = apps.find((a) => a.id === app);
    if (found) choose(name, { app, auth: way === "person" ? "oauth" : officeAuth(found.vendor) });
  }
  return (
    <>
      {vendor && way === "password" && (
        <p className="notice">
          {t("oauth.needed", { vendor: t(`oauth.vendor.${vendor}`) })}{" "}
          <button type="button" className="link" onClick={() => take("person")}>
            {t("oauth.use", { vendor: t(`oauth.vendor.${vendor}`) })}
          </button>
        </p>
      )}
      <div className="field">
        <label htmlFor={`${id}-way`}>{t("oauth.way.label")}</label>
        <Select<Way>
          id={`${id}-way`}
          value={way}
          onChange={take}
          options={(["password", "person", "office"] as const).map((value) => ({
            value,
            label: t(`oauth.way.${value}`),
          }))}
        />
        <small>{t(`oauth.way.${way}Text`, { vendor: vendorName })}</small>
      </div>
      {way !== "password" && able.length > 0 && (
        <div className="field">
          <label htmlFor={`${id}-app`}>{t("oauth.app")}</label>
          <Select
            id={`${id}-app`}
            value={able.some((a) => a.id === side.app) ? side.app : undefined}
            onChange={takeApp}
            options={able.map((a) => ({ value: a.id, label: a.name || t(`oauth.vendor.${a.vendor}`) }))}
          />
        </div>
      )}
      {way !== "password" && able.length === 0 && (
        <p className="notice">
          {t("oauth.appNone")} <Link href="/settings">{t("oauth.appSetUp")}</Link>
        </p>
      )}
    </>
  );
}
