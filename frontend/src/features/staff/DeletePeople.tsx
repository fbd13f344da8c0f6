import { Modal, Radio } from "antd";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePerson } from "@/api/offices";
import { PersonPicker } from "@/components/office/PersonPicker";
import type { Directory } from "@/components/office/useDirectory";
import type { Ability } from "@/components/office/useOffice";

interface Props {
  ability: Ability;
  directory: Directory;
  people: OfficePerson[];
  onDelete: (ids: string[], heir: string, keep: string) => void;
  onClose: () => void;
}

/** Deletes people outright, or hands their mail to somebody. */
export function DeletePeople({ ability, directory, people, onDelete, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const keeps = ability.can("people.deleteKeeping");
  const [how, setHow] = useState<"keep" | "delete">(keeps ? "keep" : "delete");
  const [heir, setHeir] = useState("");
  const ways = ability.caps?.keeps ?? [];
  const [keep, setKeep] = useState(ways[0] ?? "");
  const without = useMemo(() => new Set(people.map((p) => p.id)), [people]);
  return (
    <Modal
      open
      title={t("staff.deleteTitle", { count: people.length })}
      okText={t("staff.form.next")}
      cancelText={t("staff.form.cancel")}
      okButtonProps={{ danger: true, disabled: how === "keep" && heir === "" }}
      onOk={() => {
        onClose();
        onDelete([...without], how === "keep" ? heir : "", how === "keep" ? keep : "");
      }}
      onCancel={onClose}
    >
      <div className="stack">
        <p>
          {people
            .slice(0, 5)
            .map((p) => p.name || p.address)
            .join(t("list.comma")) + (people.length > 5 ? "…" : "")}
        </p>
        <Radio.Group
          className="stack"
          value={how}
          onChange={(e) => setHow(e.target.value as typeof how)}
          options={[
            {
              value: "keep",
              disabled: !keeps,
              label: (
                <>
                  {t("staff.deleteKeep")}
                  <br />
                  <small className="faint">
                    {keeps
                      ? t("staff.deleteKeepHint")
                      : t("staff.offBecause", { reason: ability.why("people.deleteKeeping") })}
                  </small>
                </>
              ),
            },
            {
              value: "delete",
              label: (
                <>
                  {t("staff.deleteOutright")}
                  <br />
                  <small className="faint">{t("staff.deleteOutrightHint")}</small>
                </>
              ),
            },
          ]}
        />
        {how === "keep" && (
          <>
            <div className="field">
              <label htmlFor={id}>{t("staff.heir")}</label>
              <PersonPicker id={id} directory={directory} without={without} value={heir} onChange={setHeir} />
            </div>
            <Radio.Group
              aria-label={t("staff.keepHow")}
              value={keep}
              onChange={(e) => setKeep(e.target.value as string)}
              options={[
                { value: "attach", label: t("staff.keepAttach") },
                { value: "forward", label: t("staff.keepForward") },
              ].filter((o) => ways.includes(o.value))}
            />
          </>
        )}
      </div>
    </Modal>
  );
}
