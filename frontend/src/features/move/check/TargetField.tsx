import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MoveFolder } from "@/api/types";

interface Props {
  folder: MoveFolder;
  editable: boolean;
  /** Told the new path when the field is left; "" goes back to the proposal. */
  onChange: (target: string) => void;
}

/** Where a folder goes; a path with "/" between the levels. */
export function TargetField({ folder, editable, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(folder.target);
  if (!editable) {
    return (
      <span className="clip" title={folder.target}>
        {folder.target}
      </span>
    );
  }
  function done() {
    const target = text.trim().replace(/^\/+|\/+$/g, "");
    if (target !== folder.target) onChange(target);
  }
  return (
    <Input
      variant="filled"
      size="small"
      aria-label={t("move.map.targetOf", { name: folder.source })}
      value={text}
      title={text}
      onChange={(e) => setText(e.target.value)}
      onBlur={done}
      onPressEnter={done}
      onKeyDown={(e) => {
        if (e.key === "Escape") setText(folder.target);
      }}
    />
  );
}
