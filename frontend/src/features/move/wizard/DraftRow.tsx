import { DeleteOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { DraftHead } from "@/api/types";
import { StateTag } from "@/components/StateTag";
import { emptyDraft, readDraft, setDraft, steps } from "@/features/move/draft";
import { pathOf } from "@/features/move/wizard/route";
import { useFormat } from "@/lib/useFormat";

/** A move that is still being put together, as one line of a list. */
export function DraftRow({ draft }: { draft: DraftHead }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useClient();
  const cache = useQueryClient();
  const { modal } = App.useApp();
  const step = steps[draft.step - 1] ?? "from";
  const name =
    draft.title === "practice" ? t("wizard.words.practice") : draft.title || t("wizard.draft.untitled");

  async function remove() {
    if (readDraft().id === draft.id) setDraft(emptyDraft());
    await client.drafts.remove(draft.id);
    // A move that never ran is part of its draft.
    if (draft.moveId) await client.moves.remove(draft.moveId).catch(() => undefined);
    void cache.invalidateQueries({ queryKey: keys.drafts });
    void cache.invalidateQueries({ queryKey: keys.moves });
  }
  return (
    <li className="move-row">
      <Link href={pathOf(draft.id, step)} className="move-row-link">
        <span className="move-row-name">{name}</span>
        <StateTag tone="calm">
          {t("wizard.draft.step", { step: draft.step, steps: draft.steps, name: t(`wizard.short.${step}`) })}
        </StateTag>
      </Link>
      <span className="faint tabular row">
        {draft.people > 0 && `${t("move.list.mailboxes", { count: draft.people })} · `}
        {format.moment(draft.updated)}
        <Button
          type="text"
          size="small"
          className="draft-remove"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t("wizard.draft.remove", { name })}
          onClick={() =>
            void modal.confirm({
              title: t("wizard.draft.removeTitle"),
              content: t("wizard.draft.removeText"),
              okText: t("wizard.draft.removeOk"),
              cancelText: t("move.remove.cancel"),
              okButtonProps: { danger: true },
              onOk: remove,
            })
          }
        />
      </span>
    </li>
  );
}
