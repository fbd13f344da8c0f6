import { CheckCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { SignInResult } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { isSelf, type Person, type SideName, useDraft } from "@/features/move/draft";
import { rowGap } from "@/features/move/draftCheck";
import { isServer } from "@/features/move/draftInput";
import { useSignInTest } from "@/features/move/useSignInTest";

/** Tries a row's sign-ins on both sides and shows the outcome in a few words. */
export function RowTest({ person }: { person: Person }) {
  const { t } = useTranslation();
  const draft = useDraft();
  const from = useSignInTest();
  const to = useSignInTest();
  const sides = (["from", "to"] as const).filter((n) => isServer(draft[n].kind));
  const ready = sides.every((n) => !rowGap({ ...draft, people: [] }, n, person));
  const running = from.running || to.running;

  async function test() {
    for (const name of sides) await (name === "from" ? from : to).run(name, person.key);
  }
  if (sides.length === 0) return <span className="faint">{t("move.people.noTest")}</span>;
  if (isSelf(draft, person)) return <span className="faint">{t("invite.draft.row")}</span>;
  const tested = sides.map((n) => person[n].test).filter((r): r is SignInResult => r !== undefined);
  if (tested.length < sides.length || running) {
    return (
      <Button size="small" disabled={!ready} loading={running} onClick={() => void test()}>
        {t("move.people.testRow")}
      </Button>
    );
  }
  const bad = sides.filter((n) => person[n].test?.ok === false);
  if (bad.length === 0) {
    return (
      <span className="good">
        <CheckCircleFilled aria-hidden /> {t("move.people.testOk")}
      </span>
    );
  }
  return (
    <Popover
      trigger="click"
      content={<Failures sides={bad} person={person} onAgain={() => void test()} />}
      placement="left"
    >
      <Button size="small" danger icon={<ExclamationCircleFilled aria-hidden />}>
        {t("move.people.testBad")}
      </Button>
    </Popover>
  );
}

function Failures(props: { sides: SideName[]; person: Person; onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="popover-troubles">
      {props.sides.map((name) => {
        const { test } = props.person[name];
        const problem = test?.problem;
        const again = test?.stopped ? undefined : props.onAgain;
        return (
          problem && (
            <div key={name}>
              <h3>{t(`move.ends.${name}.title`)}</h3>
              <TroubleCard
                problem={problem}
                actLabel={t("trouble.act.again")}
                acts={{ again, fixSignIn: again, fixServer: again }}
              >
                {test?.stopped && <p>{t("wizard.signIn.stopped")}</p>}
              </TroubleCard>
            </div>
          )
        );
      })}
    </div>
  );
}
