import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { AbleButton } from "@/components/office/AbleButton";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";
import { DeletePeople } from "@/features/staff/DeletePeople";
import { MovePeople } from "@/features/staff/MovePeople";
import { TagPeople } from "@/features/staff/TagPeople";
import { useStaffChanges } from "@/features/staff/useStaffChanges";

interface Props {
  ability: Ability;
  directory: Directory;
  people: OfficePerson[];
  onDone: () => void;
}

/** What can be done with everybody who is selected. */
export function BulkBar({ ability, directory, people, onDone }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"" | "move" | "tags" | "delete">("");
  const changes = useStaffChanges(directory, onDone);
  const ids = people.map((p) => p.id);
  const moves = ability.changes("departments") && directory.departments.length > 0;
  return (
    <div className="bulk-bar" role="group" aria-label={t("staff.bulk")}>
      <strong>{t("staff.selected", { count: people.length })}</strong>
      <Button
        size="small"
        disabled={!moves}
        title={moves ? undefined : ability.why("people.edit")}
        onClick={() => setOpen("move")}
      >
        {t("staff.move")}
      </Button>
      <AbleButton
        ability={ability}
        needs="people.suspend"
        size="small"
        onClick={() => changes.suspend(ids, true)}
      >
        {t("staff.suspend")}
      </AbleButton>
      <AbleButton
        ability={ability}
        needs="people.suspend"
        size="small"
        onClick={() => changes.suspend(ids, false)}
      >
        {t("staff.resume")}
      </AbleButton>
      <AbleButton ability={ability} needs="people.hide" size="small" onClick={() => changes.hide(ids, true)}>
        {t("staff.hide")}
      </AbleButton>
      <AbleButton ability={ability} needs="tags.edit" size="small" onClick={() => setOpen("tags")}>
        {t("staff.tags")}
      </AbleButton>
      <AbleButton
        ability={ability}
        needs="people.delete"
        size="small"
        danger
        onClick={() => setOpen("delete")}
      >
        {t("staff.delete")}
      </AbleButton>
      <Button size="small" type="text" onClick={onDone}>
        {t("staff.clear")}
      </Button>
      {open === "move" && (
        <MovePeople
          ability={ability}
          directory={directory}
          people={people}
          onMove={changes.movePeople}
          onClose={() => setOpen("")}
        />
      )}
      {open === "tags" && (
        <TagPeople directory={directory} people={people} onDone={onDone} onClose={() => setOpen("")} />
      )}
      {open === "delete" && (
        <DeletePeople
          ability={ability}
          directory={directory}
          people={people}
          onDelete={changes.remove}
          onClose={() => setOpen("")}
        />
      )}
    </div>
  );
}
