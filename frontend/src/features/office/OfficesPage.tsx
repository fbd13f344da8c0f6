import { PlusOutlined, TeamOutlined } from "@ant-design/icons";
import { App, Button, Switch, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { ConsoleLink } from "@/components/office/ConsoleLink";
import { NoOffice } from "@/components/office/NoOffice";
import { officeTitle } from "@/components/office/officeTitle";
import { useAbility, useMakerName, useOffices } from "@/components/office/useOffice";
import { PageHeader } from "@/components/PageHeader";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { CapabilityTable } from "@/features/office/CapabilityTable";
import { DomainSection } from "@/features/office/DomainSection";

/** All connected offices, with what each can do. */
export function OfficesPage() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const { data: offices, error, refetch } = useOffices();
  return (
    <div className="page narrow">
      <PageHeader
        title={t("offices.title")}
        lead={t("offices.lead")}
        actions={
          offices && offices.length > 0 ? (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go("/offices/new")}>
              {t("offices.add")}
            </Button>
          ) : undefined
        }
      />
      {error && <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} />}
      {offices?.length === 0 && <NoOffice />}
      {offices?.map((o) => (
        <OfficeCard key={o.id} office={o} />
      ))}
    </div>
  );
}

function OfficeCard({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const makerName = useMakerName();
  const { message, modal } = App.useApp();
  const [, go] = useLocation();
  const [open, setOpen] = useState(office.current);
  const [domain, setDomain] = useState(false);
  const title = officeTitle(t, office);
  const maker = makerName(office.provider);
  const fail = (e: unknown) => void message.error(troubleText(t, problemOf(e)).what);

  function remove() {
    modal.confirm({
      title: t("offices.removeTitle", { name: title }),
      content: t("offices.removeText"),
      okText: t("offices.remove"),
      cancelText: t("connect.cancel"),
      okButtonProps: { danger: true },
      onOk: () =>
        client.offices
          .remove(office.id)
          .then(() => void message.success(t("offices.removed", { name: title })))
          .catch(fail),
    });
  }
  return (
    <section className="card" aria-labelledby={`office-${office.id}`}>
      <div className="row wrap">
        <TeamOutlined aria-hidden />
        <h2 id={`office-${office.id}`}>{title}</h2>
        {office.current && <Tag>{t("offices.current")}</Tag>}
        <span className="grow">
          {maker !== title && <span className="faint">{maker} </span>}
          <ConsoleLink provider={office.provider} />
        </span>
        {!office.current && (
          <Button size="small" onClick={() => void client.offices.setCurrent(office.id).catch(fail)}>
            {t("offices.use")}
          </Button>
        )}
        <Button size="small" disabled={office.missing} onClick={() => go(`/offices/${office.id}`)}>
          {t("offices.edit")}
        </Button>
        <Button size="small" danger onClick={remove}>
          {t("offices.remove")}
        </Button>
      </div>
      {office.missing && <p className="warn">{t("offices.missing", { provider: office.provider })}</p>}
      <div className="row">
        <Switch
          size="small"
          checked={office.readOnly}
          aria-label={`${t("offices.readOnly")} · ${title}`}
          onChange={(on) => void client.offices.setReadOnly(office.id, on).catch(fail)}
        />
        <span>
          {t("offices.readOnly")} <small className="faint">{t("offices.readOnlyHint")}</small>
        </span>
      </div>
      {!office.missing && (
        <details className="folded" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
          <summary>{t("offices.canTitle")}</summary>
          {open && <Can office={office} />}
        </details>
      )}
      {!office.missing && (
        <details className="folded" onToggle={(e) => setDomain(e.currentTarget.open)}>
          <summary>{t("officeDomain.title")}</summary>
          {domain && <DomainSection office={office} />}
        </details>
      )}
    </section>
  );
}

function Can({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const { caps } = useAbility(office);
  return (
    <>
      <p className="faint">{t("offices.canLead")}</p>
      {caps && <CapabilityTable provider={office.provider} support={caps.support} />}
    </>
  );
}
