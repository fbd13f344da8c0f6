import { Button, Popover } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import type { Problem } from "@/api/types";
import { CertificateDialog } from "@/components/CertificateDialog";
import { ThinBar } from "@/components/ThinBar";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { changeSide, type Draft, type Person, type SideName, useDraft } from "@/features/move/draft";
import { isBlank } from "@/features/move/draftCheck";
import { isServer } from "@/features/move/draftInput";
import { openTasks, runSignIns, stopSignIns, useSignInRun } from "@/features/move/people/signInRun";
import { useKeepPasswords } from "@/features/move/useKeepPasswords";
import { useFormat } from "@/lib/useFormat";

/** Tests everybody's sign-in, with progress, and groups what was refused by its cause. */
export function SignInPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const keep = useKeepPasswords();
  const draft = useDraft();
  const run = useSignInRun();
  const [doubt, setDoubt] = useState<SideName>();
  const sides = (["from", "to"] as const).filter((n) => isServer(draft[n].kind));
  const { people, from, to } = draft;
  const { good, causes } = useMemo(() => outcomes(people), [people]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tasks are those of the draft as it is
  const open = useMemo(() => openTasks().length, [people, from, to]);

  if (sides.length === 0) return null;

  async function test(only?: readonly string[]) {
    if (!(await keep())) return;
    await runSignIns(client, openTasks(only));
  }
  const certificate = doubt && certificateOf(draft, doubt);
  return (
    <div className="sign-ins grow">
      {run.running ? (
        <div className="row" role="status">
          <span className="tabular">
            {t("wizard.signIn.testing", { done: format.number(run.done), all: format.number(run.all) })}
          </span>
          <span className="grow">
            <ThinBar label={t("wizard.signIn.bar")} done={run.done} all={run.all} />
          </span>
          <Button onClick={() => stopSignIns(client)}>{t("move.ends.stopTest")}</Button>
        </div>
      ) : (
        <div className="row wrap">
          <Button disabled={open === 0} onClick={() => void test()}>
            {t("wizard.signIn.testAll")}
          </Button>
          {good > 0 && causes.length === 0 && (
            <span className="good">
              {t("wizard.signIn.allWell", { count: good, n: format.number(good) })}
            </span>
          )}
          {causes.map((c) => (
            <Popover
              key={c.id}
              trigger="click"
              placement="top"
              content={
                <div className="popover-troubles">
                  <p>{c.who.slice(0, 12).join(t("list.join"))}</p>
                  <TroubleCard
                    problem={c.problem}
                    actLabel={t("trouble.act.again")}
                    acts={{
                      again: () => void test(c.keys),
                      fixSignIn: () => void test(c.keys),
                      fixServer: () => void test(c.keys),
                      trust: () => setDoubt(c.side),
                    }}
                  />
                </div>
              }
            >
              <Button size="small" danger>
                {t("wizard.signIn.cause", {
                  count: c.keys.length,
                  n: format.number(c.keys.length),
                  why: troubleText(t, c.problem).what,
                })}
              </Button>
            </Popover>
          ))}
          {sides.map(
            (n) =>
              run.halted[n] && (
                <span key={n} className="warn" role="status">
                  {t("wizard.signIn.halted", { side: t(`wizard.step.${n}`) })}
                </span>
              ),
          )}
        </div>
      )}
      {doubt && certificate && (
        <CertificateDialog
          host={draft[doubt].host}
          fact={certificate}
          onTrust={() => {
            changeSide(doubt, { pin: certificate.sha256 });
            setDoubt(undefined);
            void test();
          }}
          onCancel={() => setDoubt(undefined)}
        />
      )}
    </div>
  );
}

interface Cause {
  id: string;
  side: SideName;
  problem: Problem;
  keys: string[];
  who: string[];
}

/** How the tests ended: how many mailboxes work, and the refusals by cause and side. */
function outcomes(people: readonly Person[]): { good: number; causes: Cause[] } {
  const causes = new Map<string, Cause>();
  let good = 0;
  for (const p of people) {
    if (isBlank(p)) continue;
    for (const side of ["from", "to"] as const) {
      const { test, user } = p[side];
      if (test?.ok) good++;
      if (!test?.problem) continue;
      const { code } = test.problem;
      const id = `${side} ${code} ${test.problem.class}`;
      const cause = causes.get(id) ?? { id, side, problem: test.problem, keys: [], who: [] };
      cause.keys.push(p.key);
      cause.who.push(user);
      causes.set(id, cause);
    }
  }
  return { good, causes: [...causes.values()].sort((a, b) => b.keys.length - a.keys.length) };
}

function certificateOf(draft: Draft, side: SideName) {
  return draft.people.find((p) => p[side].test?.certificate)?.[side].test?.certificate;
}
