import { DownOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import type { Move, VerifyLevel } from "@/api/types";
import type { useMoveAct } from "@/features/move/useMoveAct";

const levels: VerifyLevel[] = ["counts", "fingerprint", "bytes"];

/** Compares both sides again, as closely as the person wants. */
export function VerifyButton({ move, act }: { move: Move; act: ReturnType<typeof useMoveAct> }) {
  const { t } = useTranslation();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: levels.map((key) => ({ key, label: t(`move.level.${key}`) })),
        onClick: ({ key }) => void act.run((m) => m.verify(move.id, key as VerifyLevel), { secrets: true }),
      }}
    >
      <Button aria-haspopup="menu" disabled={act.busy}>
        {t("move.result.verify")} <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
