import { Button, Checkbox, Input, Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { EndpointKind } from "@/api/types";
import { changeSide, type SideName, useDraft } from "@/features/move/draft";

const kinds: EndpointKind[] = ["maildir", "mbox", "eml"];

/** A local archive: which kind, and where it lies. */
export function ArchiveForm({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const client = useClient();
  const id = useId();
  const side = useDraft()[name];

  async function pick() {
    const path = await client.endpoints.pickArchive(side.kind, name === "to");
    if (path) changeSide(name, { path });
  }
  return (
    <>
      <fieldset className="field">
        <legend>{t("move.ends.archiveKind")}</legend>
        <Radio.Group
          value={side.kind}
          onChange={(e) => changeSide(name, { kind: e.target.value as EndpointKind, path: "" })}
          options={kinds.map((value) => ({
            value,
            label: t(`move.ends.archive.${value as "maildir" | "mbox" | "eml"}.name`),
          }))}
        />
        <small>{t(`move.ends.archive.${side.kind as "maildir" | "mbox" | "eml"}.text`)}</small>
      </fieldset>
      <div className="field">
        <label htmlFor={id}>{t(`move.ends.${name}.path`)}</label>
        <div className="row">
          <Input
            id={id}
            className="grow"
            value={side.path}
            onChange={(e) => changeSide(name, { path: e.target.value })}
          />
          <Button onClick={() => void pick()}>{t("move.ends.pick")}</Button>
        </div>
        <small>{t("move.ends.pathNote")}</small>
      </div>
      {name === "to" && (
        <div className="field">
          <Checkbox checked={side.sealed} onChange={(e) => changeSide(name, { sealed: e.target.checked })}>
            {t("oauth.seal.choose")}
          </Checkbox>
          <small>{t("oauth.seal.text")}</small>
        </div>
      )}
    </>
  );
}
