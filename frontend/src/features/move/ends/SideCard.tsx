import { CloudServerOutlined, ExperimentOutlined, FolderOpenOutlined } from "@ant-design/icons";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointKind } from "@/api/types";
import { changeDraft, emptySide, type SideName, useDraft } from "@/features/move/draft";
import { isArchive } from "@/features/move/draftInput";
import { ArchiveForm } from "@/features/move/ends/ArchiveForm";
import { PracticeNote } from "@/features/move/ends/PracticeNote";
import { ServerForm } from "@/features/move/ends/ServerForm";
import { noPassword } from "@/lib/password";

type Choice = "practice" | "imap" | "archive";
const choices: readonly Choice[] = ["practice", "imap", "archive"];
const icons = {
  practice: <ExperimentOutlined aria-hidden />,
  imap: <CloudServerOutlined aria-hidden />,
  archive: <FolderOpenOutlined aria-hidden />,
};

/** One side of the move: what kind of place, and where. */
export function SideCard({ name }: { name: SideName }) {
  const { t } = useTranslation();
  const draft = useDraft();
  const side = draft[name];
  const chosen: Choice = isArchive(side.kind) ? "archive" : side.kind === "practice" ? "practice" : "imap";

  function choose(choice: Choice) {
    if (choice === chosen) return;
    const kind: EndpointKind = choice === "archive" ? "maildir" : choice;
    // What was entered for the other kind of place means nothing here.
    changeDraft((d) => ({
      [name]: emptySide(kind),
      people: d.people
        .filter((p) => !p.from.ready && !p.to.ready)
        .map((p) => ({ ...p, [name]: { user: "", password: noPassword, path: "" } })),
    }));
  }

  return (
    <section className="card side" aria-labelledby={`side-${name}`}>
      <h2 id={`side-${name}`}>{t(`move.ends.${name}.title`)}</h2>
      <p className="faint">{t(`move.ends.${name}.text`)}</p>
      <Kinds label={t(`move.ends.${name}.title`)} chosen={chosen} onChoose={choose} />
      {chosen === "practice" && <PracticeNote name={name} />}
      {chosen === "imap" && <ServerForm name={name} />}
      {chosen === "archive" && <ArchiveForm name={name} />}
    </section>
  );
}

function Kinds(props: { label: string; chosen: Choice; onChoose: (c: Choice) => void }) {
  const { t } = useTranslation();
  const group = useRef<HTMLDivElement>(null);
  function onKey(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (choices.indexOf(props.chosen) + step + choices.length) % choices.length;
    props.onChoose(choices[next] ?? "imap");
    group.current?.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus();
  }
  return (
    <div className="kinds" role="radiogroup" aria-label={props.label} ref={group} onKeyDown={onKey}>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          role="radio"
          aria-checked={choice === props.chosen}
          tabIndex={choice === props.chosen ? 0 : -1}
          className="kind"
          onClick={() => props.onChoose(choice)}
        >
          <span aria-hidden>{icons[choice]}</span>
          {t(`move.ends.kind.${choice}`)}
        </button>
      ))}
    </div>
  );
}
