import { Input, Switch } from "antd";
import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FoundCandidate, FoundProvider } from "@/api/types";
import { byHost, useFind, useProviders } from "@/api/useProviders";
import { PasswordField } from "@/components/PasswordField";
import {
  changeDraft,
  changePerson,
  changeSide,
  emptyPerson,
  readDraft,
  type SideName,
  useDraft,
} from "@/features/move/draft";
import { oneForEach } from "@/features/move/draftCheck";
import { FoundLine } from "@/features/move/ends/FoundLine";
import { setOrigin, useOrigin } from "@/features/move/ends/found";
import { MasterWay } from "@/features/move/ends/oauth/MasterWay";
import { PersonSignIn } from "@/features/move/ends/oauth/PersonSignIn";
import { SignInWay } from "@/features/move/ends/oauth/SignInWay";
import { ProtocolField } from "@/features/move/ends/ProtocolField";
import { ProviderSteps } from "@/features/move/ends/ProviderSteps";
import { ServerFields } from "@/features/move/ends/ServerFields";
import { SignInTest } from "@/features/move/ends/SignInTest";
import { vendorOf } from "@/lib/vendors";

interface Props {
  name: SideName;
  /** Shows the address and the password only, and the rest when it is needed or asked for. */
  brief?: boolean;
}

/** A mailbox and its password; whose server it is on is found from the address. */
export function ServerForm({ name, brief = false }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const draft = useDraft();
  const side = draft[name];
  const providers = useProviders();
  const own = draft.people[0]?.[name];
  const origin = useOrigin(name, side.host, own?.user ?? "");
  const { found, busy } = useFind(own?.user ?? "", origin.by !== "person");
  const [shown, setShown] = useState(false);
  const provider = providers.find((p) => p.id === origin.provider) ?? byHost(providers, side.host);
  const secret = i18n.language === "en" ? provider?.secretEn : provider?.secretZh;

  // What the recognition says is filled in, unless a person has entered a server.
  const best = found && bestOf(found);
  const fresh = found !== undefined && (origin.domain !== found.domain || (best && side.host === ""));
  useEffect(() => {
    if (found && fresh && origin.by !== "person") fill(name, found.domain, bestOf(found));
  }, [found, fresh, origin.by, name]);

  function ownPerson() {
    if (!readDraft().people[0]) changeDraft({ people: [emptyPerson()] });
    return readDraft().people[0]?.key ?? "";
  }
  const recognised = origin.by === "recognition" && best !== undefined && side.host !== "";
  // What a server answered is never folded away.
  const tried = own?.test !== undefined;
  const unasked = brief && origin.by !== "person" && side.host === "" && found === undefined;
  return (
    <>
      <div className="field-pair even">
        <div className="field">
          <label htmlFor={`${id}-user`}>{t("move.ends.user")}</label>
          <Input
            id={`${id}-user`}
            value={own?.user ?? ""}
            placeholder="li.lei@example.com"
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => changePerson(ownPerson(), name, { user: e.target.value, test: undefined })}
          />
        </div>
        {oneForEach(side) && !side.auth && (
          <PasswordField
            label={t("move.ends.password")}
            value={own?.password}
            onChange={(password) => changePerson(ownPerson(), name, { password, test: undefined })}
          />
        )}
      </div>
      {side.auth === "oauth" && own && <PersonSignIn name={name} person={draft.people[0]} />}
      {secret && !side.auth && !side.master && (
        <small className="secret-hint">{t("providers.enterSecret", { secret })}</small>
      )}
      <FoundLine
        found={origin.by === "person" ? undefined : found}
        busy={busy}
        providers={providers}
        host={side.host}
        onChoose={(c) => fill(name, found?.domain ?? "", c)}
      />
      {(recognised || unasked) && !shown ? (
        <p className="server-line">
          {recognised && <code>{`${side.host}:${side.port ?? (side.kind === "pop3" ? 995 : 993)}`}</code>}{" "}
          <button type="button" className="link" onClick={() => setShown(true)}>
            {t(recognised ? "providers.changeServer" : "providers.enterServer")}
          </button>
        </p>
      ) : (
        <ServerFields name={name} providers={providers} />
      )}
      <ProviderSteps provider={provider} />
      <Fold
        folded={brief && !vendorOf(side.host) && side.auth === "" && !side.master && side.kind === "imap"}
      >
        {name === "from" && <ProtocolField />}
        <SignInWay name={name} />
        {side.auth === "" && <MasterFields name={name} />}
        {!tried && <SignInTest name={name} />}
      </Fold>
      {tried && <SignInTest name={name} />}
    </>
  );
}

/** Keeps the rarer choices out of sight until somebody opens them; once opened they stay. */
function Fold({ folded, children }: { folded: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  if (!folded || opened) return children;
  return (
    <button type="button" className="link fold" aria-expanded={false} onClick={() => setOpened(true)}>
      {t("providers.otherWays")}
    </button>
  );
}

/** The first candidate with a server that somebody has named: a mere custom is no reason to fill in. */
function bestOf(found: FoundProvider): FoundCandidate | undefined {
  if (found.senderZh) return undefined;
  return found.candidates.find((c) => c.imap.length > 0 && c.by !== "custom");
}

/** Takes over a candidate's server; without one, what an earlier address led to goes. */
function fill(name: SideName, domain: string, c: FoundCandidate | undefined) {
  const server = c?.imap[0];
  setOrigin(name, { by: "recognition", provider: c?.provider ?? "", domain });
  const side = readDraft()[name];
  if (server && side.host === server.host && side.port === server.port) return;
  changeSide(name, {
    host: server?.host ?? "",
    port: server?.port ?? null,
    security: server?.security ?? "tls",
    pin: "",
  });
}

/** One sign-in that opens everybody's mailbox. */
function MasterFields({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const id = useId();
  const side = useDraft()[name];
  return (
    <>
      <div className="field-row">
        <Switch
          id={`${id}-master`}
          checked={side.master}
          onChange={(master) => changeSide(name, { master })}
          aria-labelledby={`${id}-master-label`}
          size="small"
        />
        <label id={`${id}-master-label`} htmlFor={`${id}-master`}>
          {t("move.ends.master")}
        </label>
      </div>
      {side.master && <MasterWay name={name} />}
      {side.master && (
        <div className="field-pair even">
          <div className="field">
            <label htmlFor={`${id}-mu`}>{t("move.ends.masterUser")}</label>
            <Input
              id={`${id}-mu`}
              value={side.masterUser}
              onChange={(e) => changeSide(name, { masterUser: e.target.value })}
            />
          </div>
          <PasswordField
            label={t("move.ends.masterPassword")}
            value={side.masterKey}
            onChange={(masterKey) => changeSide(name, { masterKey })}
          />
        </div>
      )}
    </>
  );
}
