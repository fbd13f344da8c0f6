import { useQuery } from "@tanstack/react-query";
import { Button, Select, Skeleton, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeFinding, OfficeInfo, OfficeRecord } from "@/api/offices";
import { CopyButton } from "@/components/CopyButton";
import { AbleButton } from "@/components/office/AbleButton";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility, useMakerName } from "@/components/office/useOffice";
import { useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { TroubleCard } from "@/components/TroubleCard";
import { useCodeText } from "@/lib/codeText";
import { examine } from "@/lib/examine";

/** What the provider wants to stand in the DNS, what it finds there itself, and the way to the doctor. */
export function DomainSection({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, go] = useLocation();
  const say = useOfficeTrouble();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const maker = useMakerName()(office.provider);
  const [chosen, setChosen] = useState("");
  const domain = chosen || office.domain || directory?.domains[0]?.name || "";
  const tells = ability.can("domain.records");
  const records = useQuery({
    queryKey: ["office", office.id, "records", domain],
    queryFn: () => client.offices.domainRecords("", office.id, domain),
    enabled: tells && domain !== "",
    retry: false,
  });
  const check = useQuery({
    queryKey: ["office", office.id, "domain-check", domain],
    queryFn: () => client.offices.checkDomain("", office.id, domain),
    enabled: false,
    retry: false,
  });
  const trouble = records.error ?? check.error;
  return (
    <div className="stack">
      <div className="row wrap">
        <Select
          aria-label={t("officeDomain.domain")}
          value={domain}
          onChange={setChosen}
          popupMatchSelectWidth={false}
          options={[...new Set([office.domain, ...(directory?.domains.map((d) => d.name) ?? [])])]
            .filter(Boolean)
            .map((name) => ({ value: name, label: name }))}
        />
        <AbleButton
          ability={ability}
          needs="domain.check"
          loading={check.isFetching}
          onClick={() => void check.refetch()}
        >
          {t("officeDomain.check", { provider: maker })}
        </AbleButton>
        <Button disabled={domain === ""} onClick={() => go(examine(domain))}>
          {t("officeDomain.doctor")}
        </Button>
      </div>
      {trouble && <TroubleCard problem={problemOf(trouble)} text={say(problemOf(trouble))} />}
      {ability.caps && !tells && <p className="faint">{ability.why("domain.records")}</p>}
      {check.data && <Findings findings={check.data} maker={maker} />}
      {records.isFetching && !records.data && <Skeleton active paragraph={{ rows: 4 }} title={false} />}
      {records.data && <Records records={records.data} />}
    </div>
  );
}

const grades = ["wrong", "watch", "fine"];
const worstFirst = (a: OfficeFinding, b: OfficeFinding) => grades.indexOf(a.grade) - grades.indexOf(b.grade);
const colours = { fine: "green", watch: "gold", wrong: "red" } as const;

function Findings({ findings, maker }: { findings: OfficeFinding[]; maker: string }) {
  const { t } = useTranslation();
  const code = useCodeText();
  return (
    <>
      <h3>{t("officeDomain.found", { provider: maker })}</h3>
      <ul className="todo-list" aria-label={t("officeDomain.found", { provider: maker })}>
        {[...findings].sort(worstFirst).map((f) => (
          <li key={f.part}>
            <details className="folded" open={f.grade === "wrong"}>
              <summary>
                {code("officeDomain.part", f.part)}{" "}
                <Tag color={colours[f.grade as keyof typeof colours]}>
                  {code("officeDomain.grade", f.grade)}
                </Tag>
              </summary>
              {/* The provider's own words, in its language. */}
              {[...f.words, ...f.advice].map((said) => (
                <p key={said} lang="en">
                  {said}
                </p>
              ))}
              {f.words.length + f.advice.length === 0 && (
                <p className="faint">
                  {f.grade === "fine"
                    ? t("officeDomain.nothing")
                    : t("officeDomain.bare", { provider: maker })}
                </p>
              )}
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

function Records({ records }: { records: OfficeRecord[] }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t("officeDomain.records")}</h3>
      <p className="faint">{t("officeDomain.recordsLead")}</p>
      <div className="plain-scroll">
        <table className="plain-table" aria-label={t("officeDomain.records")}>
          <thead>
            <tr>
              <th scope="col">{t("officeDomain.name")}</th>
              <th scope="col">{t("officeDomain.type")}</th>
              <th scope="col">{t("officeDomain.value")}</th>
              <th scope="col">
                <span className="visually-hidden">{t("officeDomain.copy")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {records.map((r) => (
              <tr key={`${r.type} ${r.name} ${r.value}`}>
                <th scope="row">
                  <code>{r.name}</code>
                  {r.host && <small className="faint"> {t("officeDomain.once")}</small>}
                </th>
                <td>{r.type}</td>
                <td>
                  <code className="path">{r.value}</code>
                </td>
                <td>
                  <CopyButton text={r.value} label={t("officeDomain.copy")} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
