import { CheckCircleFilled, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CertificateFact, MailServer } from "@/api/types";
import { CertificateDialog } from "@/components/CertificateDialog";
import { Explainer } from "@/components/Explainer";
import { TroubleCard } from "@/components/TroubleCard";
import { changePerson, changeSide, type SideName, useDraft } from "@/features/move/draft";
import { hasPassword, oneForEach, sideGap } from "@/features/move/draftCheck";
import { useOrigin } from "@/features/move/ends/found";
import { useSignInTest } from "@/features/move/useSignInTest";
import { useFormat } from "@/lib/useFormat";

/** Tries one sign-in and tells the outcome in plain words. */
export function SignInTest({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const format = useFormat();
  const draft = useDraft();
  const { run, stop, running, trouble } = useSignInTest();
  const [doubt, setDoubt] = useState<CertificateFact>();
  const person = draft.people[0];
  const own = person?.[name];
  const result = own?.test;
  const side = draft[name];
  const provider = useOrigin(name, side.host, own?.user ?? "").provider;
  const complete =
    !sideGap(side) && own && own.user.trim() !== "" && (!oneForEach(side) || hasPassword(own.password));

  function test() {
    if (person) void run(name, person.key);
  }
  function takeServer(s: MailServer) {
    changeSide(name, { host: s.host, port: s.port, security: s.security, pin: "" });
    if (person) changePerson(person.key, name, { test: undefined });
  }
  function trust() {
    if (!doubt) return;
    changeSide(name, { pin: doubt.sha256 });
    setDoubt(undefined);
    test();
  }
  return (
    <div className="sign-in-test" aria-live="polite">
      <div className="row">
        <Button onClick={test} disabled={!complete} loading={running}>
          {t(running ? "move.ends.testing" : "move.ends.test")}
        </Button>
        {running && (
          <Button type="text" icon={<CloseOutlined aria-hidden />} onClick={stop}>
            {t("move.ends.stopTest")}
          </Button>
        )}
        {result?.ok && !running && (
          <span className="good">
            <CheckCircleFilled aria-hidden />{" "}
            {t("move.ends.testOk", {
              folders: format.number(result.folders),
              messages: result.messages < 0 ? "?" : format.number(result.messages),
            })}
          </span>
        )}
      </div>
      {result?.ok && name === "to" && !result.writable && <p className="notice">{t("move.ends.readOnly")}</p>}
      {!running && (trouble ?? result?.problem) && (
        <TroubleCard
          problem={trouble ?? result?.problem ?? { code: "internal", class: "", args: {}, server: "" }}
          actLabel={result?.certificate ? undefined : t("trouble.act.again")}
          acts={
            result?.stopped
              ? {}
              : {
                  again: test,
                  fixSignIn: test,
                  fixServer: test,
                  trust: result?.certificate ? () => setDoubt(result.certificate) : undefined,
                }
          }
        >
          {result?.problem && !trouble && (
            <Explainer
              problem={result.problem}
              provider={provider}
              family={result.family}
              host={side.host}
              stopped={result.stopped}
              onServer={takeServer}
              onStepsDone={() => person && void run(name, person.key, true)}
            />
          )}
        </TroubleCard>
      )}
      {doubt && (
        <CertificateDialog
          host={side.host}
          fact={doubt}
          onTrust={trust}
          onCancel={() => setDoubt(undefined)}
        />
      )}
    </div>
  );
}
