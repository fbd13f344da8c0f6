import { Button, Input, Radio, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeInfo } from "@/api/offices";
import { useChanges } from "@/components/office/ChangesContext";
import { change } from "@/components/office/change";
import { isAddress } from "@/lib/addresses";
import { useCodeText } from "@/lib/codeText";

const policies = ["inside", "anyone", "members_named", "named"] as const;
const split = (text: string) => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[\s,;，；、]+/)
      .filter(Boolean),
  ),
];

/** Changes a list of a provider that can change lists and tells nothing of them: what is sent is shown before, what was there is not known. */
export function UntoldList({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const code = useCodeText();
  const { propose } = useChanges();
  const id = useId();
  const [local, setLocal] = useState("");
  const [replace, setReplace] = useState(false);
  const [members, setMembers] = useState("");
  const [policy, setPolicy] = useState<string>("inside");
  const [senders, setSenders] = useState("");
  const address = `${local.trim().toLowerCase()}@${office.domain}`;
  const all = split(members);
  const named = replace && (policy === "named" || policy === "members_named");
  const wrong = [...all, ...(named ? split(senders) : [])].find((a) => !isAddress(a));
  const ready = isAddress(address) && all.length > 0 && wrong === undefined;
  const list = {
    id: "",
    address,
    name: "",
    remark: "",
    members: all,
    lists: [],
    departments: [],
    policy: replace ? policy : "",
    senders: named ? split(senders) : [],
    hidden: "",
    off: "",
    partial: false,
  };
  const ask = () =>
    propose(
      [
        replace
          ? change({ kind: "list.overwrite", target: address, label: address, list })
          : change({ kind: "list.join", target: address, label: address, add: all }),
      ],
      (run) => run.state === "done" && setMembers(""),
    );
  return (
    <section className="card form-card" aria-labelledby={id}>
      <h2 id={id}>{t("lists.untold.title")}</h2>
      <p className="faint">{t("lists.untold.lead")}</p>
      <div className="field">
        <label htmlFor={`${id}-l`}>{t("lists.untold.list")}</label>
        <Input
          id={`${id}-l`}
          value={local}
          suffix={`@${office.domain}`}
          onChange={(e) => setLocal(e.target.value)}
        />
      </div>
      <Radio.Group
        aria-label={t("lists.untold.how")}
        value={replace}
        onChange={(e) => setReplace(e.target.value as boolean)}
        options={[
          { value: false, label: t("lists.untold.add") },
          { value: true, label: t("lists.untold.replace") },
        ]}
      />
      <div className="field">
        <label htmlFor={`${id}-m`}>{t("lists.untold.members")}</label>
        <Input.TextArea
          id={`${id}-m`}
          autoSize={{ minRows: 3, maxRows: 12 }}
          value={members}
          onChange={(e) => setMembers(e.target.value)}
        />
      </div>
      {replace && (
        <div className="field">
          <label htmlFor={`${id}-p`}>{code("attr", "policy")}</label>
          <Select
            id={`${id}-p`}
            value={policy}
            onChange={setPolicy}
            options={policies.map((p) => ({ value: p, label: code("policy", p) }))}
          />
        </div>
      )}
      {named && (
        <div className="field">
          <label htmlFor={`${id}-s`}>{code("attr", "senders")}</label>
          <Input id={`${id}-s`} value={senders} onChange={(e) => setSenders(e.target.value)} />
        </div>
      )}
      {wrong !== undefined && (
        <p className="bad" role="alert">
          {t("lists.untold.wrong", { address: wrong })}
        </p>
      )}
      {replace && <p className="faint">{t("lists.untold.replaceText")}</p>}
      <div className="row">
        <Button type="primary" danger={replace} disabled={!ready} onClick={ask}>
          {t(replace ? "lists.untold.replace" : "lists.untold.add")}
        </Button>
      </div>
    </section>
  );
}
