import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { keyNames } from "@/app/useShortcuts";

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const names = Object.keys(keyNames) as (keyof typeof keyNames)[];
  return (
    <Modal open title={t("shortcuts.title")} onCancel={onClose} footer={null} width={440}>
      <dl className="shortcuts">
        {names.map((name) => (
          <div key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              <kbd>{keyNames[name]}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
