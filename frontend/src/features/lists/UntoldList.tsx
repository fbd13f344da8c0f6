import { App, Button, Input, Radio, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { OfficeInfo } from "@/api/offices";
import { oneSentence, useOfficeTrouble } from "@/components/office/useOfficeTrouble";
import { isAddress } from "@/features/lists/addresses";
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

/** Changes a list of a provider that can change lists and tells nothing of them: no preview, no way back. */
export function UntoldList({ office }: { office: OfficeInfo }) {
  const { t } = useTranslation();
  const client = useClient();
  const code = useCodeText();
  const trouble = useOfficeTrouble();
  const { message, modal } = App.useApp();
  const id = useId();
  const [local, setLocal] = useState("");
  const [replace, setReplace] = useState(false);
  const [members, setMembers] = useState("");
  const [policy, setPolicy] = useState<string>("inside");
  const [senders, setSenders] = useState("");
  const [busy, setBusy] = useState(false);
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
  async function send() {
    setBusy(true);
    try {
      await client.lists.changeUntold("", office.id, list, replace);
      void message.success(t("lists.untold.done", { list: address, count: all.length }));
      setMembers("");
    } catch (e) {
      void message.error(oneSentence(trouble(problemOf(e))));
    } finally {
      setBusy(false);
    }
  }
  const ask = () =>
    modal.confirm({
      title: t(replace ? "lists.untold.askReplace" : "lists.untold.askAdd", {
        list: address,
        count: all.length,
      }),
      content: t(replace ? "lists.untold.replaceText" : "lists.untold.addText"),
      okText: t(replace ? "lists.untold.replace" : "lists.untold.add"),
      cancelText: t("staff.form.cancel"),
      okButtonProps: { danger: replace },
      onOk: send,
    });
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
      <div className="row">
        <Button type="primary" danger={replace} disabled={!ready} loading={busy} onClick={ask}>
          {t(replace ? "lists.untold.replace" : "lists.untold.add")}
        </Button>
      </div>
    </section>
  );
}
