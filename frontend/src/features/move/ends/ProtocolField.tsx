import { Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { EndpointKind } from "@/api/types";
import { changeSide, readDraft, useDraft } from "@/features/move/draft";
import { setOrigin } from "@/features/move/ends/found";

/** A provider's POP3 server usually has the IMAP server's name with another beginning. */
function hostFor(kind: EndpointKind, host: string): string {
  return kind === "pop3" ? host.replace(/^imap(hz)?\./, "pop$1.") : host.replace(/^pop(hz)?\./, "imap$1.");
}

/** How the old mailbox is read: with all folders, or the inbox alone where nothing else is offered. */
export function ProtocolField() {
  const { t } = useTranslation();
  const side = useDraft().from;
  function choose(kind: EndpointKind) {
    // From here on the server is the person's choice.
    setOrigin("from", { by: "person", provider: "", domain: "" });
    changeSide("from", {
      kind,
      host: hostFor(kind, readDraft().from.host),
      port: null,
      security: "tls",
      pin: "",
    });
  }
  return (
    <fieldset className="field">
      <legend>{t("oauth.pop3.label")}</legend>
      <Radio.Group
        value={side.kind}
        onChange={(e) => choose(e.target.value as EndpointKind)}
        options={[
          { value: "imap", label: t("oauth.pop3.imap") },
          { value: "pop3", label: t("oauth.pop3.pop3") },
        ]}
      />
      {side.kind === "pop3" && <small>{t("oauth.pop3.text")}</small>}
    </fieldset>
  );
}
