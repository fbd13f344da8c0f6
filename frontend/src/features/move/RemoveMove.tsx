import { DeleteOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Move } from "@/api/types";
import { troubleText } from "@/components/trouble";

/** Takes a move off the list; the mail on both sides stays. */
export function RemoveMove({ move }: { move: Move }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const { modal, message } = App.useApp();
  const [, go] = useLocation();
  if (!move.can.remove) return null;

  function ask() {
    modal.confirm({
      title: t("move.remove.title"),
      content: t("move.remove.text"),
      okText: t("move.remove.ok"),
      cancelText: t("move.remove.cancel"),
      async onOk() {
        try {
          await client.moves.remove(move.id);
          go("/move");
          void cache.invalidateQueries({ queryKey: keys.moveList });
        } catch (e) {
          void message.error(troubleText(t, problemOf(e)).what);
        }
      },
    });
  }
  return (
    <Button type="text" icon={<DeleteOutlined aria-hidden />} onClick={ask}>
      {t("move.remove.button")}
    </Button>
  );
}
